import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EmbeddedPostgres } from '@smartserver/embedded-postgres';
import { TEST_POSTGRES_SETTINGS } from '@smartserver/testing';
import { type Mutant, readMutants, SHARES, shareOf } from './mutant.ts';
import { Scratch } from './scratch.ts';

/**
 * `npm run test:mutants`: each guarantee's test must turn red when its guard is taken away. `--only TEXT`: those with the text in their name;
 * `--share N`: a tenth of them, by N modulo ten.
 */
const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, share: { type: 'string' } } });
const all = readMutants(resolve(import.meta.dirname, '../../mutants')).filter(({ name }) => name.includes(values.only));
const mutants = values.share === undefined ? all : shareOf(all, Number(values.share));
if (values.share !== undefined)
  console.log(`Share ${Number(values.share) % SHARES} of ${SHARES}: ${mutants.length} of ${all.length} mutants`);

// One PostgreSQL for all of them: each test has databases of its own in it.
const folder = mkdtempSync(join(tmpdir(), 'mutants-postgres-'));
const postgres = new EmbeddedPostgres({
  dataDirectory: join(folder, 'data'),
  password: 'test',
  temporary: true,
  settings: TEST_POSTGRES_SETTINGS,
});
const started = Date.now();
const seconds = (since: number): number => Math.round((Date.now() - since) / 1_000);
const scratch = new Scratch(process.cwd());
let failed = 0;

/** One that cannot be tried, as its code or its test has moved, fails the run like one that survives; the others go on. */
const verdictOf = (mutant: Mutant): string => {
  try {
    return scratch.kills(mutant) ? 'killed' : 'SURVIVED';
  } catch (error) {
    console.log(String(error));
    return 'INVALID';
  }
};

try {
  await postgres.start();
  process.env.TEST_POSTGRES_URL = postgres.url();
  for (const mutant of mutants) {
    const begun = Date.now();
    const verdict = verdictOf(mutant);
    if (verdict !== 'killed') failed += 1;
    console.log(`${verdict.padEnd(8)}  guarantee ${mutant.guarantee.padEnd(3)} ${mutant.name}  (${seconds(begun)} s)`);
  }
} finally {
  scratch.remove();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${mutants.length - failed} killed, ${failed} not, in ${seconds(started)} s`);
process.exitCode = failed === 0 ? 0 : 1;
