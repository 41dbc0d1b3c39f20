import { createHash, type KeyObject, randomUUID } from 'node:crypto';
import type { Actor, OfflineActivation, OfflineReturn } from '@smartserver/contracts';
import {
  createRequestFile,
  createReturnReceipt,
  generateKey,
  keyId,
  readLicenseFile,
  verifyDocument,
} from '@smartserver/license-document';
import { actors } from '@smartserver/testing';
import { type Account, givenAccount, newInstallCode } from './given.ts';
import type { Answer, Harness } from './harness.ts';

export const MAINTENANCE = { kind: 'maintenance', deviceCount: 1000, termYears: 1 } as const;

/** A customer who signed in with an e-mail address that the accounts list. */
export const customerOf = (...accounts: Pick<Account, 'customerId'>[]): Actor =>
  actors.customer({ customerIds: accounts.map(({ customerId }) => customerId) });

/** A SmartServer without Internet: what it keeps, and the files it makes. */
export const givenBox = (options: { installCode?: string; deviceKey?: KeyObject } = {}) => {
  const { installCode = newInstallCode(), deviceKey = generateKey() } = options;
  const box = {
    installCode,
    deviceKey,
    thumbprint: keyId(deviceKey),
    serial: 0,
    /** @param said what differs from what an honest device says */
    request: (said: Partial<Parameters<typeof createRequestFile>[0]> = {}): string =>
      createRequestFile({
        deviceKey,
        installCode,
        segmentName: 'Roof',
        softwareVersion: '4.50.001',
        serial: box.serial,
        createdAt: new Date('2026-03-01T12:00:00Z'),
        nonce: randomUUID(),
        ...said,
      }),
    /** Takes a document in; refuses one with a lower serial, and after a removal one with the same. */
    take: (harness: Harness, file: string): string[] => {
      const { document } = verifyDocument(readLicenseFile(file).jws, {
        rootPublicKey: harness.set.rootPublicKey,
        installCode,
        minimumSerial: box.serial + (box.removed ? 1 : 0),
      });
      box.serial = document.serial;
      box.removed = false;
      return document.licenses.map((license) => license.licenseId);
    },
    removed: false,
    /** Removes licenses, and says so. */
    remove: (
      customerId: string,
      licenseIds: string[],
      said: Partial<Parameters<typeof createReturnReceipt>[0]> = {},
    ) => {
      box.serial += 1;
      box.removed = true;
      return createReturnReceipt({
        deviceKey,
        installCode,
        customerId,
        licenseIds,
        serial: box.serial,
        createdAt: new Date('2026-03-01T12:00:00Z'),
        nonce: randomUUID(),
        ...said,
      });
    },
  };
  return box;
};

export type Box = ReturnType<typeof givenBox>;

/** The operations, as an actor calls them. */
export const offline = (harness: Harness, actor: Actor | null) => ({
  activate: (body: object, headers: Record<string, string> = {}) =>
    harness.post(actor, '/v1/offline-activations', body, headers),
  list: (query = '') => harness.get(actor, `/v1/offline-activations${query}`),
  get: (id: string) => harness.get(actor, `/v1/offline-activations/${id}`),
  file: (id: string) => harness.get(actor, `/v1/offline-activations/${id}/file`),
  giveBack: (receipt: string, headers: Record<string, string> = {}) =>
    harness.post(actor, '/v1/offline-returns', { receipt }, headers),
});

/** The answer of an operation that has to succeed. */
export const activated = (answer: Answer): OfflineActivation => {
  if (answer.statusCode !== 201) throw new Error(`${answer.statusCode} ${answer.body}`);
  return answer.json();
};

export const returnedBy = (answer: Answer): OfflineReturn => {
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
  return answer.json();
};

export const fileOf = async (harness: Harness, id: string): Promise<string> => {
  const answer = await offline(harness, actors.staff()).file(id);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.body;
};

/** An answer without the request id. */
export const bodyOf = (answer: { statusCode: number; body: string }) => ({
  status: answer.statusCode,
  body: answer.body.replace(/"instance":"[^"]*"/, ''),
});

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A box with the licenses on it, imported. */
export const givenImported = async (harness: Harness, count = 1) => {
  const account = await givenAccount(
    harness,
    Array.from({ length: count }, () => ({})),
  );
  const box = givenBox();
  const customer = offline(harness, customerOf(account));
  const made: OfflineActivation[] = [];
  for (const licenseId of account.licenseIds) {
    made.push(activated(await customer.activate({ licenseId, requestFile: box.request() })));
    box.take(harness, await fileOf(harness, made.at(-1)?.offlineActivationId ?? ''));
  }
  const [one = '', two = '', three = ''] = account.licenseIds;
  return { account, box, customer, made, one, two, three };
};
