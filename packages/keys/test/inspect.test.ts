import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequestFile, exportPublicKey, writeLicenseFile } from '@smartserver/license-document';
import { sample, strangerKey } from './documents.ts';
import { done, file, folder, keys, signerOf, signingKeys, text } from './harness.ts';

describe('inspect says what a file is', () => {
  test('genuine ones, with their content', async () => {
    await done('create-root');
    await done('issue-signing-key');
    const [name = ''] = signingKeys();
    await done('revoke', name);
    const jws = signerOf(name).sign(sample);
    const request = createRequestFile({
      deviceKey: strangerKey,
      installCode: sample.installCode,
      segmentName: 'Building 1',
      softwareVersion: '4.40.012',
      serial: 0,
      createdAt: new Date('2026-03-01T08:00:00Z'),
      nonce: 'n-1',
    });
    const expected: [string, string, string][] = [
      ['a.lic', writeLicenseFile({ jws }), 'License file, genuine'],
      ['a.jws', `${jws}\n`, 'License document, genuine'],
      ['a.req', request, 'Request file, genuinely of the device key it carries'],
      ['a.cert', text(`${name}.cert`), 'Certificate, genuine'],
      ['a.rev', text('key-revocations.jws'), 'Statement of revoked keys, genuine'],
      ['a.pub', exportPublicKey(strangerKey), 'Public key'],
      ['a.pem', text(`${name}.pem`), 'Private key, encrypted.'],
    ];
    for (const [file, content, first] of expected) {
      writeFileSync(join(folder, file), content);
      expect((await done('inspect', join(folder, file))).split('\n')[0]).toBe(first);
    }
    expect(await done('inspect', join(folder, 'a.lic'))).toContain('"deviceCount": 1000');
  });

  test('others with the reason, and without the root key no verdict', async () => {
    await done('create-root');
    await done('issue-signing-key');
    const [name = ''] = signingKeys();
    const lic = writeLicenseFile({ jws: signerOf(name).sign(sample) });
    const path = join(folder, 'b.lic');
    const verdict = async (content: string, ...more: string[]) => {
      writeFileSync(path, content);
      const { code, out, err } = await keys(['inspect', path, ...more]);
      expect([code, out]).toEqual([1, '']);
      return err;
    };
    expect(await verdict(lic.replace('1000', '9000'))).toContain('Refused (head_mismatch)');
    expect(await verdict(lic.slice(0, -40))).toContain('Refused (truncated)');
    expect(await verdict('hello')).toContain('no file of the license management');
    const stranger = join(folder, 'stranger.pem');
    writeFileSync(stranger, exportPublicKey(strangerKey));
    expect(await verdict(lic, '--root-key', stranger)).toContain('Refused (root_unknown)');
    rmSync(file('root-public-key.pem'));
    expect(await verdict(lic)).toContain('give --root-key FILE');
  });
});

test('for machines, inspect and fingerprint print JSON; a refusal has its code', async () => {
  await done('create-root');
  await done('issue-signing-key');
  const [name = ''] = signingKeys();
  const path = join(folder, 'c.lic');
  writeFileSync(path, writeLicenseFile({ jws: signerOf(name).sign(sample) }));
  expect(JSON.parse(await done('inspect', path, '--json'))).toMatchObject({
    kind: 'License file, genuine',
    content: { document: { serial: 7, installCode: sample.installCode } },
  });
  expect(JSON.parse(await done('inspect', file(`${name}.pem`), '--json'))).toEqual({
    kind: 'Private key, encrypted.',
    content: null,
  });
  await done('revoke', name);
  const printed = JSON.parse(await done('fingerprint', '--json')) as { keys: { fingerprint: string }[] };
  expect(printed.keys).toEqual([
    { name: 'root', kid: expect.any(String), fingerprint: expect.stringMatching(/^([0-9A-F]{4} ){15}[0-9A-F]{4}$/) },
    expect.objectContaining({ name, revoked: true, certifiedUntil: '2028-02-29T08:00:00.000Z' }),
  ]);
  for (const { fingerprint } of printed.keys) expect(await done('fingerprint')).toContain(fingerprint);

  writeFileSync(path, writeLicenseFile({ jws: signerOf(name).sign(sample) }).replace('1000', '9000'));
  const { code, out, err } = await keys(['inspect', path, '--json']);
  expect([code, err, JSON.parse(out)]).toEqual([
    1,
    '',
    { problem: { code: 'head_mismatch', message: expect.stringContaining('Refused (head_mismatch)') } },
  ]);
});
