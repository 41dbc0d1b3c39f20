import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeWithJose } from './jose-verifier.ts';
import { pythonWithCryptography } from './python.ts';
import { expectedOfReader2, expectedVerdict, type Verdict, vectorFiles } from './vectors.ts';

describe.each(vectorFiles)('an implementation on jose says the same of $name', ({ formatVersion, content }) => {
  test.each(content.vectors.map((vector) => [vector.name, vector] as const))('%s', async (_name, vector) => {
    expect(await judgeWithJose(content, vector, formatVersion)).toEqual(expectedVerdict(vector));
    if (formatVersion === 1) expect(await judgeWithJose(content, vector, 2)).toEqual(expectedOfReader2(vector));
  });
});

const scratch = mkdtempSync(join(tmpdir(), 'python-'));
const found = pythonWithCryptography(join(scratch, 'environment'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

// Without Python there is no such test, and CI says that it was not run.
if ('missing' in found) process.stdout.write(`not run: an implementation in Python (${found.missing})\n`);
else {
  test('an implementation in Python says the same of every vector', () => {
    const files = vectorFiles.map(({ name }) => join(import.meta.dirname, '../vectors', name));
    const program = join(import.meta.dirname, 'python/run.py');
    const { stdout, stderr } = spawnSync(found.python, ['-B', program, ...files], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(stderr).toBe('');
    const verdicts = JSON.parse(stdout) as Record<string, Record<string, Verdict>>;
    for (const { name, content } of vectorFiles) {
      const expected = content.vectors.map((vector) => [vector.name, expectedVerdict(vector)]);
      expect(verdicts[name]).toEqual(Object.fromEntries(expected));
    }
  });
}
