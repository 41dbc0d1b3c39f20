import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

// How CI counts: on reports that Jest really writes.

const root = resolve(import.meta.dirname, '../../..');
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ci-summary-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const node = (program: string, args: string[]) =>
  spawnSync(process.execPath, [join(root, program), ...args], { encoding: 'utf8' });

const reportOf = (test: string): string => {
  writeFileSync(join(folder, 'some.test.js'), test);
  const report = join(folder, 'report.json');
  node('node_modules/jest/bin/jest.js', ['--rootDir', folder, '--config', '{}', '--json', `--outputFile=${report}`]);
  return report;
};

const summaryOf = (...args: string[]) => {
  const { status, stdout } = node('.ci/summary.mjs', args);
  return { status, lines: stdout.trim().split('\n') };
};

test('what passed and failed is added up', () => {
  const report = reportOf(`test('one', () => {}); test('two', () => {});`);
  expect(summaryOf('--passed', '3', '--failed', '0', report)).toEqual({ status: 0, lines: ['5 passed, 0 failed'] });
  expect(summaryOf('--passed', '3', '--failed', '1', report)).toEqual({ status: 1, lines: ['5 passed, 1 failed'] });
});

test.each([
  ['test', `test.skip('left out', () => {});`],
  ['group', `describe.skip('left', () => { test('out', () => {}); });`],
  ['test to be written', `test.todo('left out');`],
])('a skipped %s fails the run, and is named', (_name, skipped) => {
  const report = reportOf(`test('one', () => {}); ${skipped}`);
  const { status, lines } = summaryOf('--passed', '1', report);
  expect(status).toBe(1);
  expect(lines.at(-1)).toBe('2 passed, 0 failed, 1 skipped');
  expect(lines[0]).toBe(`skipped: left out (${join(folder, 'some.test.js')})`);
});

test('a check that this machine cannot run is named with its reason and fails nothing', () => {
  const report = reportOf(`test('one', () => {});`);
  const reason = 'tests on containers (no Docker engine answers)';
  expect(summaryOf('--not-run', reason, report)).toEqual({
    status: 0,
    lines: [`not run: ${reason}`, '1 passed, 0 failed'],
  });
});

test('a suite that does not start, and a report that was not written, fail the run', () => {
  expect(summaryOf(reportOf('throw new Error("does not start")')).lines).toEqual(['0 passed, 1 failed']);
  expect(summaryOf(join(folder, 'missing.json'))).toEqual({ status: 1, lines: ['0 passed, 1 failed'] });
});
