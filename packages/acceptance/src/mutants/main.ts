import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readMutants } from './mutant.ts';
import { Scratch } from './scratch.ts';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const root = process.cwd();
const mutants = readMutants(resolve(import.meta.dirname, '../../mutants')).filter((mutant) =>
  mutant.name.includes(values.only),
);

/** `npm run test:mutants`: each guarantee's test must turn red when its guard is taken away. */
const scratch = new Scratch(root);
let survived = 0;
try {
  for (const mutant of mutants) {
    const started = Date.now();
    const killed = scratch.kills(mutant);
    if (!killed) survived += 1;
    console.log(
      `${killed ? 'killed  ' : 'SURVIVED'}  guarantee ${mutant.guarantee.padEnd(3)} ${mutant.name}  (${Math.round((Date.now() - started) / 1000)} s)`,
    );
  }
} finally {
  scratch.remove();
}
console.log(`${mutants.length - survived} passed, ${survived} failed`);
process.exitCode = survived === 0 ? 0 : 1;
