import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate, renderOperations } from '../src/codegen/index.ts';

const sample = join(__dirname, 'sample');
const documentFile = join(sample, 'generated/openapi.json');
const operationsFile = join(sample, 'generated/operations.ts');

describe('the contract that controllers generate', () => {
  test('is the one that the tests of the server run on', async () => {
    const { document, operations } = await generate({
      title: 'Sample',
      version: '1.0.0',
      controllers: join(sample, '*.controller.ts'),
    });
    const source = renderOperations(operations, '../../../src/http/operation.ts');
    const json = `${JSON.stringify(document, null, 2)}\n`;
    if (process.env.UPDATE_SAMPLE) {
      await writeFile(documentFile, json);
      await writeFile(operationsFile, source);
    }
    expect(json).toBe(await readFile(documentFile, 'utf8'));
    expect(source).toBe(await readFile(operationsFile, 'utf8'));
  });
});
