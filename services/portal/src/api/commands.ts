import { dataOf } from '@smartserver/client';
import { api } from './client.ts';
import type { OfflineActivation } from './queries.ts';

/** Which SmartServer: its install code, or the request file it made. */
export type ActivationTarget = { installCode: string } | { requestFile: string };

const keyed = (idempotencyKey: string) => ({ header: { 'Idempotency-Key': idempotencyKey } });

/** @param key the same for each try of the same: it has one effect then, however often it arrives; so everywhere below */
export const signInWithLicense = async (licenseId: string, key: string) =>
  dataOf(api.POST('/v1/portal/sessions', { params: keyed(key), body: { licenseId } }));

export const requestCode = async (email: string, key: string) =>
  dataOf(api.POST('/v1/portal/challenges', { params: keyed(key), body: { email } }));

export const verifyCode = async (challengeId: string, code: string, key: string) =>
  dataOf(
    api.POST('/v1/portal/challenges/{challengeId}/verify', {
      params: { path: { challengeId }, ...keyed(key) },
      body: { code },
    }),
  );

export const createOfflineActivation = async (licenseId: string, target: ActivationTarget, key: string) =>
  dataOf(api.POST('/v1/offline-activations', { params: keyed(key), body: { licenseId, ...target } }));

export const createOfflineReturn = async (receipt: string, key: string) =>
  dataOf(api.POST('/v1/offline-returns', { params: keyed(key), body: { receipt } }));

/** Fetches the activation file and hands it to the browser as a download. The bytes are those that were issued. */
export const downloadFile = async ({ offlineActivationId, fileName }: OfflineActivation): Promise<void> => {
  const params = { path: { offlineActivationId } };
  const file = await dataOf(api.GET('/v1/offline-activations/{offlineActivationId}/file', { params, parseAs: 'blob' }));
  const url = URL.createObjectURL(new Blob([file as unknown as Blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // Safari reads it a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};
