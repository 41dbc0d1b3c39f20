import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allVectors, textOf } from './all.ts';

/**
 * Writes vector files that are not there yet. Those that are, are frozen: what they accept is in the field. A change of the
 * format gets a new version and files of its own.
 */
const folder = join(import.meta.dirname, '../../vectors');
for (const [name, vectors] of Object.entries(allVectors())) {
  const path = join(folder, name);
  const text = textOf(vectors);
  if (!existsSync(path)) {
    writeFileSync(path, text);
    console.log(`written    ${name}: ${vectors.vectors.length} vectors`);
  } else if (readFileSync(path, 'utf8') === text) {
    console.log(`unchanged  ${name}: ${vectors.vectors.length} vectors`);
  } else {
    console.error(`DIFFERS    ${name}: it is frozen. Undo the change, or make it a new format version.`);
    process.exitCode = 1;
  }
}
