import { exportPrivateKey, exportPublicKey, issueRevocation, keyId } from '@smartserver/license-document';
import { testClock, testLogger, testVerifier } from '@smartserver/testing';
import type { FastifyInstance } from 'fastify';
import { resignDocuments } from '../src/documents/resign.ts';
import type { SigningSet } from '../src/documents/signer.ts';
import { activation } from '../src/service.ts';
import { givenAccount, givenCms } from './given.ts';
import { type Harness, signingSet } from './harness.ts';

export const APRIL = '2026-04-01T00:00:00Z';
/** The key of the harness is stolen and revoked, another one takes over. */
export const afterTheft = (harness: Harness) => {
  const next = signingSet(APRIL, '2036-01-01T00:00:00Z', harness.set.rootKey);
  const stolen = keyId(harness.set.signingKey);
  const revocations = issueRevocation({
    rootKey: harness.set.rootKey,
    revokedKeyIds: [stolen],
    issuedAt: new Date(APRIL),
  });
  const set: SigningSet = { ...next, previousCertificates: [harness.set.certificate], revocations };
  return { set, stolen, revocations, clock: testClock('2026-04-02T00:00:00Z') };
};
export const environment = (harness: Harness, set: SigningSet): NodeJS.ProcessEnv => ({
  NODE_ENV: 'test',
  DATABASE_URL: harness.database.url,
  LICENSE_SIGNING_KEY: exportPrivateKey(set.signingKey),
  LICENSE_SIGNING_CERTIFICATE: set.certificate,
  LICENSE_ROOT_PUBLIC_KEY: exportPublicKey(set.rootPublicKey),
  LICENSE_PREVIOUS_CERTIFICATES: set.previousCertificates.join(' '),
  LICENSE_KEY_REVOCATIONS: set.revocations ?? '',
});
/** The command `resign-documents` of an instance with this set. */
export const runResign = (
  harness: Harness,
  set: SigningSet,
  clock: ReturnType<typeof testClock>,
  progress?: (count: number) => void,
): Promise<number> =>
  activation.withStorage(environment(harness, set), { clock, logger: testLogger() }, (base) =>
    resignDocuments(base, progress),
  );
export const on = (app: FastifyInstance, actor: Parameters<typeof testVerifier.tokenFor>[0]) => {
  const authorization = `Bearer ${testVerifier.tokenFor(actor)}`;
  return {
    get: (url: string, headers = {}) => app.inject({ url, headers: { authorization, ...headers } }),
    post: (url: string, payload: object) =>
      app.inject({
        method: 'POST',
        url,
        headers: { authorization, 'content-type': 'application/json' },
        payload: JSON.stringify(payload),
      }),
  };
};
export const givenActive = async (harness: Harness) => {
  const account = await givenAccount(harness, [{}, {}]);
  const device = await givenCms(harness, account);
  await device.activate([account.licenseIds[0] ?? '']);
  return { account, device, other: account.licenseIds[1] ?? '' };
};
