import { jwsIn, rawArmour } from './craft.ts';
import { refused, type Vector } from './vector.ts';

/** What a reader of any armoured file must not take. @param other another genuine file of the same kind */
export const armourVectors = (file: string, other: string): Vector[] => {
  const jws = jwsIn(file);
  const lines = file.split('\n');
  const begin = lines.findIndex((line) => line.startsWith('-----BEGIN'));
  const withLine = (index: number, line: string) => lines.toSpliced(index, 0, line).join('\n');
  return [
    ...refused('truncated', [
      ['truncated: the last line', file.slice(0, file.indexOf('-----END'))],
      ['truncated: in the middle of the last line', file.slice(0, -6)],
      ['truncated: in the signed block', file.slice(0, -200)],
      ['truncated: in the head', file.slice(0, 80)],
      ['truncated: in the first line', file.slice(0, 12)],
    ]),
    ...refused('malformed', [
      ['nothing', ''],
      ['something else', 'Dear customer,\n'],
      ['the signed block without the text', lines.slice(begin).join('\n')],
      ['the bare JWS', jws],
      ['something after the end', `${file}more\n`],
      ['the file twice', file + file],
      ['a blank line in the signed block', withLine(begin + 2, '')],
      ['a space in the signed block', rawArmour(file, `${jws.slice(0, 10)} ${jws.slice(10)}`)],
      ['lines of another length', file.replace(jws.slice(0, 64), `${jws.slice(0, 60)}\n${jws.slice(60, 64)}`)],
      ['an empty signed block', rawArmour(file, '')],
      ['the label of another kind of file', file.replaceAll('SMARTSERVER ', 'SMARTSERVER OTHER ')],
    ]),
    ...refused('head_mismatch', [
      ['text edited', file.replace('Serial:       12', 'Serial:       13')],
      ['a line of text left out', lines.toSpliced(3, 1).join('\n')],
      ['a line of text added', withLine(3, 'Good for every controller.')],
      [
        'the title of another format',
        file.replace(/format \d/, (format) => (format === 'format 1' ? 'format 2' : 'format 1')),
      ],
      ['the text of one file over the block of another', rawArmour(file, jwsIn(other))],
    ]),
  ];
};
