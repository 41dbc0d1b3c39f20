import type { KeyObject } from 'node:crypto';
import { type Api, ApiProblem, dataOf } from '@smartserver/client';
import { ACCESS_TOKEN, type CmsSession } from '@smartserver/contracts';
import { signDeviceProof } from '@smartserver/license-document';
import { asked, type Machine, notTheCloud } from './api.ts';

/** Who signs in: a user of the CMS on this SmartServer. */
export type Identity = {
  installCode: string;
  customerId: string;
  /** `owner`, or the cloud refuses with owner_required. */
  userType: string;
  deviceKey: KeyObject;
};

export type OpenSession = {
  token: string;
  customerName: string;
  /** Seconds by which the device's clock is behind the cloud's, where it was too far off to be used; else 0. */
  clockOffSeconds: number;
};

/**
 * Signs in by a proof of the device key. When the cloud says that the clock of the device is wrong, the time of its answer is
 * used for another proof.
 * @throws CmsProblem owner_required, device_proof_invalid, customer_not_found, controller_in_use, cloud_unreachable …
 */
export const openSession = async (api: Api, machine: Machine, identity: Identity): Promise<OpenSession> => {
  const here = machine.now();
  let there = here;
  const first = signIn(api, machine, identity, here).catch((error: unknown) => {
    const time = timeIfClockWrong(error);
    if (time === null) throw error;
    there = time;
    return signIn(api, machine, identity, time);
  });
  const { accessToken, customerName } = await asked(first);
  // JSON, but not ours: nothing else that comes from there would be, either.
  if (typeof accessToken !== 'string' || typeof customerName !== 'string') throw notTheCloud();
  const clockOffSeconds = Math.round((there.getTime() - here.getTime()) / 1_000);
  return { token: accessToken, customerName, clockOffSeconds };
};

const signIn = (api: Api, machine: Machine, identity: Identity, issuedAt: Date): Promise<CmsSession> => {
  const { installCode, customerId, userType, deviceKey } = identity;
  const proof = signDeviceProof({
    deviceKey,
    audience: ACCESS_TOKEN.audience,
    customerId,
    installCode,
    userType,
    issuedAt,
    nonce: machine.uuid(),
  });
  const body = { customerId, installCode, proof };
  return dataOf(api.POST('/v1/cms/sessions', { params: { header: { 'Idempotency-Key': machine.uuid() } }, body }));
};

const timeIfClockWrong = (error: unknown): Date | null => {
  if (!(error instanceof ApiProblem) || error.code !== 'device_clock_wrong') return null;
  const time = new Date(error.headers.get('date') ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? null : time;
};
