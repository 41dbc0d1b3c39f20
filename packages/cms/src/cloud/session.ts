import type { KeyObject } from 'node:crypto';
import { ACCESS_TOKEN, type CmsSession } from '@smartserver/contracts';
import { signDeviceProof } from '@smartserver/license-document';
import { type CloudAnswer, type CloudHttp, type Machine, successOf } from './http.ts';

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
 * Signs in by a proof of the device key. A proof works once, so each attempt signs a new one. When the cloud says that the clock
 * of the device is wrong, the time of its answer is used instead.
 * @throws CmsProblem owner_required, device_proof_invalid, customer_not_found, controller_in_use, cloud_unreachable …
 */
export async function openSession(http: CloudHttp, machine: Machine, identity: Identity): Promise<OpenSession> {
  const asked = machine.now();
  const answer = await ask(http, machine, identity, asked);
  const cloudTime = answer.status === 403 ? timeIfClockWrong(answer) : null;
  if (cloudTime === null) return { ...sessionOf(answer), clockOffSeconds: 0 };
  const again = await ask(http, machine, identity, cloudTime);
  const clockOffSeconds = Math.round((cloudTime.getTime() - asked.getTime()) / 1_000);
  return { ...sessionOf(again), clockOffSeconds };
}

function ask(http: CloudHttp, machine: Machine, identity: Identity, at: Date): Promise<CloudAnswer> {
  const { installCode, customerId, userType, deviceKey } = identity;
  const proof = signDeviceProof({
    deviceKey,
    audience: ACCESS_TOKEN.audience,
    customerId,
    installCode,
    userType,
    issuedAt: at,
    nonce: machine.uuid(),
  });
  return http.send({
    method: 'POST',
    path: '/v1/cms/sessions',
    body: { customerId, installCode, proof },
    headers: { 'idempotency-key': machine.uuid() },
  });
}

function sessionOf(answer: CloudAnswer): { token: string; customerName: string } {
  const { accessToken, customerName } = successOf<CmsSession>(answer);
  return { token: accessToken, customerName };
}

function timeIfClockWrong({ body, headers }: CloudAnswer): Date | null {
  if ((body as { code?: unknown } | null)?.code !== 'device_clock_wrong') return null;
  const time = new Date(headers.get('date') ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? null : time;
}
