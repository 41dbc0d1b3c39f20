import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DocumentStore } from '../src/index.ts';
import { Bench } from './bench.ts';
import { installCode, issuer, maintenance } from './documents.ts';

const vendor = issuer();
const trust = { rootPublicKey: vendor.rootPublicKey, installCode };
let bench: Bench;
let store: DocumentStore;
const files = () => readdirSync(join(bench.folder, 'license-documents'));
const fileOf = (name: string) => join(bench.folder, 'license-documents', name);

beforeEach(() => {
  bench = new Bench();
  store = new DocumentStore(bench.folder);
});
afterEach(() => bench.remove());

test('a genuine document is stored and read back verified', async () => {
  expect(await store.read(trust)).toBeNull();
  await store.accept(vendor.sign({ serial: 3 }), trust);
  const stored = await store.read(trust);
  expect(stored?.document).toMatchObject({ serial: 3, installCode });
  expect(statSync(fileOf(files()[0] ?? '')).mode & 0o777).toBe(0o600);
});

test('a higher serial replaces the stored one, the same serial is taken again', async () => {
  await store.accept(vendor.sign({ serial: 3 }), trust);
  await store.accept(vendor.sign({ serial: 3 }), trust);
  await store.accept(vendor.sign({ serial: 12, licenses: [maintenance] }), trust);
  expect((await store.read(trust))?.document.serial).toBe(12);
  expect(files()).toHaveLength(1);
});

describe('a document is refused, and the store stays as it was,', () => {
  const stranger = issuer();
  const genuine = vendor.sign({ serial: 9 });
  const altered = `${genuine.slice(0, -4)}${genuine.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
  test.each([
    ['of a lower serial', vendor.sign({ serial: 4 }), 'document_superseded'],
    [
      'for another controller',
      vendor.sign({ serial: 9, installCode: '0302E1C2A8F40099' }),
      'document_wrong_controller',
    ],
    ['of another root', stranger.sign({ serial: 9 }), 'document_root_unknown'],
    ['that was altered', altered, 'document_signature_invalid'],
    ['that is none', 'not a document', 'document_malformed'],
    ['that is empty', '', 'document_malformed'],
  ])('%s', async (_name, jws, code) => {
    await store.accept(vendor.sign({ serial: 5 }), trust);
    const before = files().map((file) => readFileSync(fileOf(file), 'utf8'));
    await expect(store.accept(jws, trust)).rejects.toMatchObject({ name: 'CmsProblem', code });
    expect(files().map((file) => readFileSync(fileOf(file), 'utf8'))).toEqual(before);
    expect((await store.read(trust))?.document.serial).toBe(5);
  });
});

test('two programs that store at once leave the higher serial, whichever is last', async () => {
  const serials = [7, 3, 9, 5, 8, 4, 6];
  await Promise.allSettled(
    serials.map((serial) => new DocumentStore(bench.folder).accept(vendor.sign({ serial }), trust)),
  );
  expect((await store.read(trust))?.document.serial).toBe(9);
});

describe('the folder is edited by hand:', () => {
  test('a damaged document is not trusted, an older one does not come back, and a new one heals the store', async () => {
    await store.accept(vendor.sign({ serial: 5 }), trust);
    writeFileSync(fileOf(files()[0] ?? ''), 'damaged');
    await expect(store.read(trust)).rejects.toMatchObject({ code: 'document_malformed' });
    await expect(store.accept(vendor.sign({ serial: 4 }), trust)).rejects.toMatchObject({
      code: 'document_superseded',
    });
    await store.accept(vendor.sign({ serial: 5 }), trust);
    expect((await store.read(trust))?.document.serial).toBe(5);
  });

  test('an old document under a higher number is not taken for a newer one', async () => {
    await store.accept(vendor.sign({ serial: 5 }), trust);
    writeFileSync(fileOf('0000000000000099.jws'), vendor.sign({ serial: 2 }));
    await expect(store.read(trust)).rejects.toMatchObject({ code: 'document_superseded' });
  });

  test('files of an interrupted write are not seen', async () => {
    await store.accept(vendor.sign({ serial: 5 }), trust);
    writeFileSync(fileOf('0000000000000006.jws.123.abcd.tmp'), 'half a docu');
    expect((await store.read(trust))?.document.serial).toBe(5);
  });
});
