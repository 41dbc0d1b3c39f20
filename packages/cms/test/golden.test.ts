import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exportPublicKey } from '@smartserver/license-document';
import { Bench } from './bench.ts';
import { capacity, capacityId, customerId, installCode, issuer, maintenance } from './documents.ts';

type Vector = {
  root: string;
  name: string;
  input: string;
  expected: string;
  installCode?: string;
  minimumSerial?: number;
};
type Vectors = { roots: Record<string, JsonWebKey>; vectors: Vector[] };

const folder = resolve(import.meta.dirname, '../../license-document/vectors');
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Vectors;

/** A SmartServer of version 1 could not know what is wrong with it: it says that it is of version 2 and is not (FORMAT.md). */
const judgedOtherwise: Readonly<Record<string, string>> = {
  'license-files-v1.json: a later format version in the block': 'malformed',
};

const codes: Readonly<Record<string, string>> = {
  root_unknown: 'file_signature_invalid',
  signature_invalid: 'file_signature_invalid',
};

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

describe.each(['license-files-v1.json', 'license-files-v2.json'])(
  'every license file that is frozen with the format is judged as it was then: %s:',
  (name) => {
    const { roots, vectors } = read(name);
    // What depends on an earlier document has its own tests.
    test.each(vectors.filter(({ minimumSerial }) => minimumSerial === undefined))('$name', async (vector) => {
      const jwk = roots[vector.root];
      if (!jwk) throw new Error('The vectors lack a root key.');
      const stick = bench.besides('stick');
      writeFileSync(join(stick, 'root.pem'), exportPublicKey(createPublicKey({ key: jwk, format: 'jwk' })));
      writeFileSync(join(stick, 'box.lic'), vector.input);
      const code = vector.installCode ?? installCode;
      expect(await bench.cms('init', '--install-code', code, '--root-key', join(stick, 'root.pem'))).toBe(0);
      const answer = await bench.json<{ problem?: { code: string } }>('add', join(stick, 'box.lic'));
      const expected = judgedOtherwise[`${name}: ${vector.name}`] ?? vector.expected;
      const accepted = expected === 'accepted';
      expect(answer.problem?.code ?? null).toBe(accepted ? null : (codes[expected] ?? `file_${expected}`));
      expect(await bench.cms('verify')).toBe(accepted ? 0 : 1);
    });
  },
);

test('the folder of a SmartServer that was linked by the first release goes on: its licenses, and offline returns of them', async () => {
  const vendor = issuer();
  await bench.cms('init', '--install-code', installCode, '--root-key', pinned(vendor));
  writeFileSync(
    join(bench.folder, 'settings.json'),
    JSON.stringify({
      url: 'http://127.0.0.1:1',
      installCode,
      customerId,
      segmentName: 'Building 1',
      softwareVersion: '4.40.012',
      rootPublicKey: exportPublicKey(vendor.rootPublicKey),
    }),
  );
  mkdirSync(join(bench.folder, 'license-documents'));
  const jws = vendor.sign({ serial: 3, licenses: [capacity, maintenance] });
  writeFileSync(join(bench.folder, 'license-documents', '0000000000000003.jws'), `${jws}\n`);
  bench.fetch = () => Promise.reject(new TypeError('fetch failed'));
  expect(await bench.cms('licenses')).toBe(0);
  expect(bench.out).toContain(capacityId);
  // It has had a session, so the cloud knows its device key: no question.
  expect(await bench.cms('return', '--offline', capacityId, '--out', join(bench.besides('stick'), 'box.ret'))).toBe(0);
  expect(bench.questions).toEqual([]);
});

const pinned = ({ rootPublicKey }: ReturnType<typeof issuer>): string => {
  const file = join(bench.besides('firmware'), 'root.pem');
  writeFileSync(file, exportPublicKey(rootPublicKey));
  return file;
};
