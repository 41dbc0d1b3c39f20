import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmptyDatabase } from '@smartserver/testing';
import { kitMigrations, migrate } from './migrate.ts';

const folderWith = async (files: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
  return folder;
};

describe('migrations', () => {
  test('run once each, the kit’s first and then by name, also when several processes start at once', async () => {
    const empty = await createEmptyDatabase();
    const directory = await folderWith({
      '0002_b.sql': 'insert into a values (2)',
      '0001_a.sql': 'create table a (n int); insert into a values (1)',
    });
    const runs = await Promise.all(
      Array.from({ length: 5 }, () => migrate({ url: empty.url, directories: [directory] })),
    );
    expect(runs.filter((names) => names.length > 0)).toEqual([
      [...(await readdir(kitMigrations)).sort(), '0001_a.sql', '0002_b.sql'],
    ]);
    await empty.drop();
  });

  test('refuse a file that was changed after it had been applied', async () => {
    const empty = await createEmptyDatabase();
    const directory = await folderWith({ '0001_a.sql': 'create table a (n int)' });
    await migrate({ url: empty.url, directories: [directory] });
    await writeFile(join(directory, '0001_a.sql'), 'create table a (n bigint)');
    await expect(migrate({ url: empty.url, directories: [directory] })).rejects.toThrow('0001_a.sql was changed');
    await empty.drop();
  });

  test('leave nothing of a file that fails half-way, and name it', async () => {
    const empty = await createEmptyDatabase();
    const directory = await folderWith({ '0001_a.sql': 'create table a (n int); select wrong' });
    await expect(migrate({ url: empty.url, directories: [directory] })).rejects.toThrow('migration 0001_a.sql failed');
    await writeFile(join(directory, '0001_a.sql'), 'create table a (n int)');
    await expect(migrate({ url: empty.url, directories: [directory] })).resolves.toEqual(['0001_a.sql']);
    await empty.drop();
  });
});
