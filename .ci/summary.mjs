// Adds up what the checks and the tests of a CI run found. The last line is `N passed, N failed`, with `, N skipped` where a test was skipped.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/**
 * @param reports Jest's, as `--json` writes them
 * @param checks how many checks of the run itself passed and failed
 * @param notRun checks that this machine cannot run, each with the reason
 * @returns {{ lines: string[], failed: boolean }} a skipped test fails the run: what cannot run here is no test, but a check that is not run
 */
export const summarize = ({ reports, checks, notRun = [] }) => {
  const sum = (count) => reports.reduce((total, report) => total + count(report), 0);
  const skipped = reports.flatMap(skippedTests);
  const passed = checks.passed + sum((report) => report.numPassedTests);
  const failed = checks.failed + sum((report) => report.numFailedTests + report.numRuntimeErrorTestSuites);
  return {
    lines: [
      ...notRun.map((reason) => `not run: ${reason}`),
      ...skipped.map((name) => `skipped: ${name}`),
      ...(skipped.length > 0 ? ['A skipped test fails this run.'] : []),
      `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
    ],
    failed: failed + skipped.length > 0,
  };
};

const SKIPPED = new Set(['pending', 'skipped', 'todo', 'disabled', 'focused']);

const skippedTests = ({ testResults }) =>
  testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => SKIPPED.has(status))
      .map(({ fullName }) => `${fullName} (${name.replace(`${process.cwd()}/`, '')})`),
  );

/** A report that was not written is a run that failed. */
const read = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, numRuntimeErrorTestSuites: 0, testResults: [] };
  }
};

if (import.meta.filename === process.argv[1]) {
  const { values, positionals } = parseArgs({
    options: {
      passed: { type: 'string', default: '0' },
      failed: { type: 'string', default: '0' },
      'not-run': { type: 'string', multiple: true, default: [] },
    },
    allowPositionals: true,
  });
  const { lines, failed } = summarize({
    reports: positionals.map(read),
    checks: { passed: Number(values.passed), failed: Number(values.failed) },
    notRun: values['not-run'],
  });
  console.log(lines.join('\n'));
  process.exitCode = failed ? 1 : 0;
}
