import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Vector, VectorFile } from '../src/vectors/vector.ts';

const folder = join(import.meta.dirname, '../vectors');

/** The frozen vector files, as they lie there. `formatVersion`: of the reader that they are for, which reads the ones before it. */
export const vectorFiles: { name: string; formatVersion: 1 | 2; text: string; content: VectorFile }[] = readdirSync(
  folder,
)
  .filter((name) => name.endsWith('.json'))
  .map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const formatVersion = name.endsWith('-v2.json') ? 2 : 1;
    return { name, formatVersion, text, content: JSON.parse(text) as VectorFile };
  });

/**
 * What a reader of format version 2 says of a vector of version 1: the same, but of what claims to be of version 2 and is not. A
 * reader of version 1 cannot know.
 */
export const expectedOfReader2 = (vector: Vector): Verdict => {
  const verdict = expectedVerdict(vector);
  return vector.name.startsWith('a later format version') && carriesVersion2(vector.input)
    ? { expected: 'malformed' }
    : verdict;
};

/** Whether a document, or the one in a file, says that it is of format version 2. */
const carriesVersion2 = (input: string): boolean => {
  const jws =
    /-----BEGIN SMARTSERVER LICENSE-----\n([\s\S]*)\n-----END/.exec(input)?.[1]?.replaceAll('\n', '') ?? input;
  const [header = '', payload = ''] = jws.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  return header.includes('"smartserver-license+jwt"') && payload.startsWith('{"formatVersion":2');
};

/** What a verifier makes of a vector: the reason of its refusal, or everything that the vector says about an accepted one. */
export type Verdict = Pick<Vector, 'expected' | 'content' | 'newestRevocations' | 'timeAtLeast'>;

export const expectedVerdict = ({ expected, content, newestRevocations, timeAtLeast }: Vector): Verdict =>
  JSON.parse(JSON.stringify({ expected, content, newestRevocations, timeAtLeast })) as Verdict;
