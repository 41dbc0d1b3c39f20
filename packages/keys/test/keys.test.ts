import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  exportPrivateKey,
  fingerprint,
  generateKey,
  keyId,
  verifyCertificate,
  verifyDocument,
  verifyRevocations,
} from '@smartserver/license-document';
import { outcome, sample } from './documents.ts';
import { done, file, folder, keys, names, root, secrets, setClock, signerOf, signingKeys, text } from './harness.ts';

describe('the life of keys', () => {
  test('a root and a signing key are made, and a document that it signs verifies with the root alone', async () => {
    const printed = await done('create-root');
    expect(printed).toContain(fingerprint(root()));
    await done('issue-signing-key', '--days', '365');
    const [name = ''] = signingKeys();
    const { notBefore, notAfter } = verifyCertificate(text(`${name}.cert`).trim(), { rootPublicKey: root() });
    expect(notBefore).toEqual(new Date('2026-03-01T07:00:00Z'));
    expect(notAfter).toEqual(new Date('2027-03-01T08:00:00Z'));
    expect(outcome(() => verifyDocument(signerOf(name).sign(sample), { rootPublicKey: root() }))).toBe('accepted');
  });

  test('a signing key is rotated: a gateway that knows the root alone takes documents of both', async () => {
    await done('create-root');
    await done('issue-signing-key');
    const [former = ''] = signingKeys();
    const before = signerOf(former).sign(sample);
    setClock('2027-03-01T08:00:00Z');
    const printed = await done('rotate', '--delete-former');
    expect(printed).toContain(`Deleted here: the private keys of ${former}`);
    expect(names('.pem')).not.toContain(`${former}.pem`);
    const current = signingKeys().find((name) => name !== former) ?? '';
    const after = signerOf(current).sign({ ...sample, serial: 8, issuedAt: '2027-03-01T08:00:00.000Z' });
    expect(verifyDocument(before, { rootPublicKey: root() }).kid).not.toBe(
      verifyDocument(after, { rootPublicKey: root() }).kid,
    );
  });

  test('a stolen key is revoked by name; a gateway that sees a later document refuses whatever it signed', async () => {
    await done('create-root');
    await done('issue-signing-key');
    const [stolen = ''] = signingKeys();
    const forged = signerOf(stolen).sign({ ...sample, serial: 99 });
    await done('rotate');
    const current = signingKeys().find((name) => name !== stolen) ?? '';
    expect(await done('revoke', stolen)).not.toContain('No signing key is left');
    const statement = text('key-revocations.jws').trim();

    const rootPublicKey = root();
    expect(outcome(() => verifyDocument(forged, { rootPublicKey }))).toBe('accepted');
    const { revocations } = verifyDocument(signerOf(current, statement).sign(sample), { rootPublicKey });
    expect(revocations).toBe(statement);
    expect(outcome(() => verifyDocument(forged, { rootPublicKey, revocations }))).toBe('key_revoked');
    expect(outcome(() => signerOf(stolen, statement))).toBe('key_revoked');
    expect(await done('fingerprint')).toMatch(new RegExp(`${stolen}, REVOKED`));
  });

  test('every statement names all keys revoked so far and is newer than the one before, whatever the clock says', async () => {
    await done('create-root');
    await done('issue-signing-key');
    await done('rotate');
    const [one = '', two = ''] = signingKeys();
    await done('revoke', one);
    const first = verifyRevocations(text('key-revocations.jws').trim(), { rootPublicKey: root() });
    setClock('2020-01-01T00:00:00Z');
    expect(await done('revoke', two)).toContain('No signing key is left that is not revoked');
    const second = verifyRevocations(text('key-revocations.jws').trim(), { rootPublicKey: root() });
    expect(second.revokedKeyIds).toHaveLength(2);
    expect(second.revokedKeyIds).toEqual(expect.arrayContaining(first.revokedKeyIds));
    expect(second.issuedAt > first.issuedAt).toBe(true);
  });

  test('a root key that lies elsewhere is used in its place, and only with its own folder', async () => {
    const rootKey = generateKey();
    const elsewhere = join(folder, '..', 'license-root-key.pem');
    writeFileSync(elsewhere, exportPrivateKey(rootKey, secrets.LICENSE_ROOT_PASSPHRASE));
    await done('issue-signing-key', '--root-key', elsewhere);
    expect(keyId(root())).toBe(keyId(rootKey));
    writeFileSync(elsewhere, exportPrivateKey(generateKey(), secrets.LICENSE_ROOT_PASSPHRASE));
    expect(await keys(['rotate', '--root-key', elsewhere])).toMatchObject({
      code: 1,
      err: expect.stringContaining('another root key'),
    });
  });
});

describe('what the commands refuse', () => {
  test('a key is never overwritten', async () => {
    await done('create-root');
    const before = text('root-key.pem');
    expect(await keys(['create-root'])).toMatchObject({ code: 1, err: expect.stringContaining('not overwritten') });
    expect(text('root-key.pem')).toBe(before);
  });

  test('nothing is made without a passphrase, with a short one, or with one typed differently', async () => {
    const attempts = [
      await keys(['create-root'], {}),
      await keys(['create-root'], { LICENSE_ROOT_PASSPHRASE: 'too short' }),
      await keys(['create-root'], {}, ['typed: long and random', 'typed: long or random!']),
    ];
    expect(attempts.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(attempts.map(({ err }) => err.split('\n').at(-1))).toEqual([
      'The passphrase of the root key is missing: type it, set LICENSE_ROOT_PASSPHRASE, or give --root-passphrase-file FILE.',
      'The passphrase of a root key needs at least 16 characters.',
      'These were two different passphrases.',
    ]);
    expect(() => readdirSync(folder)).toThrow('ENOENT');
  });

  test.each([
    ['as an option', ['create-root', '--passphrase', 'hunter2-hunter2-hunter2']],
    ['with the option', ['create-root', '--passphrase=hunter2-hunter2-hunter2']],
    ['as an option of its own', ['rotate', '--hunter2-hunter2-hunter2']],
    ['as a command', ['hunter2-hunter2-hunter2']],
    ['after a command', ['create-root', 'hunter2-hunter2-hunter2']],
    ['as a number of days', ['issue-signing-key', '--days', 'hunter2-hunter2-hunter2']],
    ['as a shell', ['completion', 'hunter2-hunter2-hunter2']],
  ])('a passphrase on the command line is refused and not repeated: %s', async (_name, args) => {
    const { code, out, err } = await keys(args);
    expect(code).toBe(2);
    expect(out + err).not.toContain('hunter2');
    expect(err.split('\n')).toHaveLength(1);
    expect(err).toContain(' Usage: npm run keys -- ');
  });

  test('a wrong passphrase, an unencrypted root key, an unknown key, nonsense', async () => {
    await done('create-root');
    expect(
      (await keys(['issue-signing-key'], { ...secrets, LICENSE_ROOT_PASSPHRASE: 'not this one, sorry' })).err,
    ).toBe('The passphrase does not open this private key.');
    const plain = join(folder, '..', 'plain.pem');
    writeFileSync(plain, exportPrivateKey(generateKey()));
    expect((await keys(['issue-signing-key', '--root-key', plain])).err).toContain('is not encrypted');
    expect((await keys(['revoke', 'signing-x'])).err).toContain('no certificate of such a signing key');
    expect((await keys(['rotate'])).err).toContain('no signing key to rotate');
    expect((await keys(['revoke'])).code).toBe(2);
    expect((await keys(['issue-signing-key', '--days', '0'])).code).toBe(2);
    expect((await keys(['toString'])).code).toBe(2);
    expect((await keys(['fingerprint', file('root-key.pem')])).err).toContain('a public one is needed');
    expect(names('.cert')).toEqual([]);
  });
});

test('passphrases come from files and from a prompt as well, and private keys are encrypted files of their owner', async () => {
  expect((await keys(['create-root'], {}, Array(2).fill(secrets.LICENSE_ROOT_PASSPHRASE))).code).toBe(0);
  for (const [name, secret] of Object.entries(secrets)) writeFileSync(join(folder, '..', name), `${secret}\n`);
  const files = Object.keys(secrets).map((name) => join(folder, '..', name));
  const given = ['--root-passphrase-file', String(files[0]), '--signing-passphrase-file', String(files[1])];
  expect((await keys(['issue-signing-key', ...given], {})).code).toBe(0);
  for (const name of names('.pem').filter((name) => name !== 'root-public-key.pem')) {
    expect(text(name)).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(statSync(file(name)).mode & 0o777).toBe(0o600);
  }
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
