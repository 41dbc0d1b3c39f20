import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Vector, VectorFile } from '../src/vectors/vector.ts';

const folder = join(import.meta.dirname, '../vectors');

/** The frozen vector files, as they lie there. */
export const vectorFiles: { name: string; text: string; content: VectorFile }[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return { name, text, content: JSON.parse(text) as VectorFile };
  });

/** What a verifier makes of a vector: the reason of its refusal, or everything that the vector says about an accepted one. */
export type Verdict = Pick<Vector, 'expected' | 'content' | 'newestRevocations' | 'timeAtLeast'>;

export function expectedVerdict({ expected, content, newestRevocations, timeAtLeast }: Vector): Verdict {
  return JSON.parse(JSON.stringify({ expected, content, newestRevocations, timeAtLeast })) as Verdict;
}
