import { jwsIn, rawArmour } from '../src/vectors/craft.ts';
import { base64url, partsOf } from './support.ts';

export type Random = { below: (limit: number) => number };

/** A way to spoil a genuine file with the help of another genuine one, and the reasons for which the result may be refused. */
export type Mutator = {
  name: string;
  reasons: string[];
  mutate: (file: string, other: string, random: Random) => string;
};

const block = [
  'malformed',
  'head_mismatch',
  'signature_invalid',
  'certificate_invalid',
  'revocations_invalid',
  'root_unknown',
];

const pick = <T>(items: readonly T[], random: Random): T => items[random.below(items.length)] as T;

const flipped = (file: string, from: number, to: number, random: Random): string => {
  const bytes = Buffer.from(file, 'latin1');
  const index = from + random.below(to - from);
  bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << random.below(8)), index);
  return bytes.toString('latin1');
};

/** Where the signed block begins and ends, without its marker lines. */
const blockOf = (file: string): [begin: number, end: number] => [
  file.indexOf('-----\n', file.indexOf('-----BEGIN')) + 6,
  file.indexOf('\n-----END'),
];

const withLines = (file: string, change: (lines: string[]) => void) => {
  const lines = file.split('\n');
  change(lines);
  return lines.join('\n');
};

const textOfPart = (jws: string, part: 0 | 1) => Buffer.from(partsOf(jws)[part], 'base64url').toString();

/** The block with one of its decoded parts, as text, changed; the signature stays. */
const withPart = (file: string, part: 0 | 1, change: (text: string) => string): string => {
  const jws = jwsIn(file);
  const parts: string[] = partsOf(jws);
  parts[part] = base64url(change(textOfPart(jws, part)));
  return rawArmour(file, parts.join('.'));
};

const swappedMembers = (json: string, random: Random): string => {
  const value = JSON.parse(json) as Record<string, unknown>;
  const names = Object.keys(value);
  const [one, two] = [pick(names, random), pick(names, random)];
  return JSON.stringify({ ...value, [one]: value[two], [two]: value[one] });
};

const repeatedMember = (json: string, random: Random): string => {
  const [name, value] = pick(Object.entries(JSON.parse(json) as object), random);
  const again = `${JSON.stringify(name)}:${JSON.stringify(random.below(2) === 0 ? value : random.below(100))}`;
  return random.below(2) === 0 ? `{${again},${json.slice(1)}` : `${json.slice(0, -1)},${again}}`;
};

export const mutators: Mutator[] = [
  {
    name: 'a bit of the text flipped',
    reasons: ['head_mismatch', 'truncated', 'malformed'],
    mutate: (file, _other, random) => flipped(file, 0, file.indexOf('\n-----BEGIN'), random),
  },
  {
    name: 'a bit of the signed block flipped',
    reasons: block,
    mutate: (file, _other, random) => flipped(file, ...blockOf(file), random),
  },
  {
    name: 'a bit of a marker line flipped',
    reasons: ['malformed', 'truncated'],
    mutate: (file, _other, random) =>
      random.below(2) === 0
        ? flipped(file, file.indexOf('-----BEGIN'), blockOf(file)[0], random)
        : flipped(file, blockOf(file)[1], file.length - 1, random),
  },
  {
    name: 'truncated',
    reasons: ['truncated', 'malformed'],
    mutate: (file, _other, random) => file.slice(0, random.below(file.length - 1)),
  },
  {
    name: 'its beginning cut off',
    reasons: ['malformed', 'truncated', 'head_mismatch'],
    mutate: (file, _other, random) => file.slice(1 + random.below(file.length - 1)),
  },
  {
    name: 'lines dropped, doubled or swapped',
    reasons: [...block, 'truncated'],
    mutate: (file, _other, random) =>
      withLines(file, (lines) => {
        const [one, two] = [random.below(lines.length - 1), random.below(lines.length - 1)];
        const way = random.below(3);
        if (way === 0) lines.splice(one, 1);
        else if (way === 1) lines.splice(one, 0, lines[two] ?? '');
        else [lines[one], lines[two]] = [lines[two] ?? '', lines[one] ?? ''];
      }),
  },
  {
    name: 'something put in',
    reasons: [...block, 'truncated'],
    mutate: (file, _other, random) => {
      const index = random.below(file.length);
      const text = Array.from({ length: 1 + random.below(16) }, () => String.fromCharCode(random.below(300)));
      return file.slice(0, index) + text.join('') + file.slice(index);
    },
  },
  {
    name: 'fields of the block swapped',
    reasons: block,
    mutate: (file, _other, random) => withPart(file, 1, (json) => swappedMembers(json, random)),
  },
  {
    name: 'fields of the header swapped',
    reasons: block,
    mutate: (file, _other, random) => withPart(file, 0, (json) => swappedMembers(json, random)),
  },
  {
    name: 'duplicate keys in the block',
    reasons: block,
    mutate: (file, _other, random) => withPart(file, 1, (json) => repeatedMember(json, random)),
  },
  {
    name: 'duplicate keys in the header',
    reasons: block,
    mutate: (file, _other, random) => withPart(file, 0, (json) => repeatedMember(json, random)),
  },
  {
    name: 'a part of the block of another genuine file',
    reasons: block,
    mutate: (file, other, random) => {
      const [mine, theirs]: [string[], string[]] = [partsOf(jwsIn(file)), partsOf(jwsIn(other))];
      const part = random.below(3);
      mine[part] = theirs[part] ?? '';
      return rawArmour(file, mine.join('.'));
    },
  },
  {
    name: 'the text of one genuine file over the block of another',
    reasons: ['head_mismatch', 'malformed'],
    mutate: (file, other) => rawArmour(file, jwsIn(other)),
  },
  {
    name: 'blown up',
    reasons: ['too_large', 'malformed', 'head_mismatch', 'truncated', 'signature_invalid'],
    mutate: (file, _other, random) => {
      const size = 2 ** (10 + random.below(12));
      const [begin] = blockOf(file);
      const at = pick([0, 40, begin, begin + 64, file.length], random);
      return file.slice(0, at) + pick(['A', '\n', ' ', '-----', '{"', 'é'], random).repeat(size) + file.slice(at);
    },
  },
];
