import {
  ACCESS_TOKEN,
  type CreateCmsSessionRequest,
  normalizeInstallCode,
  type ProblemCode,
} from '@smartserver/contracts';
import type { VerifiedDeviceProof } from '@smartserver/license-document';
import type { ControllerRow } from '../model/controller.ts';

/** Seconds by which the clock of a device may differ from ours, either way. */
const CLOCK_TOLERANCE_SECONDS = 5 * 60;

/** What a controller claims to be, once its proof has been checked against the request. */
export type DeviceClaim = {
  installCode: string;
  customerId: string;
  /** RFC 7638 thumbprint. */
  deviceKey: string;
  nonce: string;
  /** The proof cannot be used again before it is too old for its time: from then on it need not be remembered. */
  forgetAfter: Date;
};

/**
 * Checks a proof, whose signature was found right, against the request it came with. [domain.md rule 13]
 * @returns the claim, or why it is refused
 */
export const readDeviceClaim = (
  proof: VerifiedDeviceProof,
  request: CreateCmsSessionRequest,
  now: Date,
): DeviceClaim | { refusal: ProblemCode } => {
  const installCode = normalizeInstallCode(request.installCode);
  const customerId = request.customerId.toLowerCase();
  const isForUs = proof.audience === ACCESS_TOKEN.audience;
  const isSame =
    normalizeInstallCode(proof.installCode) === installCode && proof.customerId.toLowerCase() === customerId;
  if (!isForUs || !isSame) return { refusal: 'device_proof_invalid' };
  if (proof.userType !== 'owner') return { refusal: 'owner_required' };
  const differenceSeconds = Math.abs(now.getTime() - proof.issuedAt.getTime()) / 1000;
  if (differenceSeconds > CLOCK_TOLERANCE_SECONDS) return { refusal: 'device_clock_wrong' };
  const forgetAfter = new Date(proof.issuedAt.getTime() + (CLOCK_TOLERANCE_SECONDS + 1) * 1000);
  return { installCode, customerId, deviceKey: proof.thumbprint, nonce: proof.nonce, forgetAfter };
};

/**
 * Whether the controller may open a session for this key and account. A controller without licenses is anyone's who reaches
 * it first. Only the enrolled key learns that licenses of another account are on it. [domain.md rule 13]
 * @param known the newest state that activation published
 */
export const refusalOf = (claim: DeviceClaim, known: ControllerRow | undefined): ProblemCode | null => {
  if (known === undefined || known.license_count === 0) return null;
  const isSameAccount = known.customer_id === claim.customerId;
  // Customer Success has reset the key: the controller enrols a new one, for the account it is linked to.
  if (known.device_key === null) return isSameAccount ? null : 'device_proof_invalid';
  if (known.device_key !== claim.deviceKey) return 'device_proof_invalid';
  return isSameAccount ? null : 'controller_in_use';
};
