import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import {
  createSigner,
  DocumentError,
  FileError,
  issueCertificate,
  keyId,
  type LicenseDocument,
  ProofError,
} from '../src/index.ts';

/** Private key from its 32-byte seed: the published keys of RFC 8032, section 7.1, so that they are not mistaken for secrets. */
const keyOfSeed = (seed: string): KeyObject => {
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
};

export const rootKey = keyOfSeed('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
export const signingKey = keyOfSeed('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
export const strangerKey = keyOfSeed('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7');
export const rootPublicKey = createPublicKey(rootKey);

export const notBefore = new Date('2026-01-01T00:00:00.000Z');
export const notAfter = new Date('2028-12-31T23:59:59.000Z');
export const certificate = issueCertificate({ rootKey, signingKey, notBefore, notAfter });
export const signer = createSigner({ signingKey, certificate });

export const sample: LicenseDocument = {
  formatVersion: 1,
  issuer: 'SmartServer License Management – test',
  installCode: 'SSIOT-0001-7F3A',
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  serial: 7,
  issuedAt: '2026-03-01T08:30:00.000Z',
  licenses: [
    {
      licenseId: '0d6c9b1e-5c1f-4d43-9a55-1f6d3f0f7a01',
      kind: 'capacity',
      deviceCount: 1000,
      activatedAt: '2026-02-28T10:00:00.000Z',
      expiresAt: null,
    },
    {
      licenseId: '7a1f0a52-8c43-4a0e-b5d7-60cf2f9c1b02',
      kind: 'maintenance',
      deviceCount: 1000,
      activatedAt: '2026-03-01T08:30:00.000Z',
      expiresAt: '2029-03-01T08:30:00.000Z',
    },
  ],
};

/** The protected header of a genuine document, to be altered. */
export const genuineHeader = {
  alg: 'EdDSA',
  typ: 'smartserver-license+jwt',
  kid: keyId(signingKey),
  cert: certificate,
};

/** A compact JWS over any header and payload, objects or raw text, without the checks the package makes when it signs. */
export const rawJws = (header: unknown, payload: unknown, key: KeyObject): string => {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
};

/** Base64url of raw text or bytes, or of an object's JSON. */
export const base64url = (part: unknown): string => {
  const isRaw = typeof part === 'string' || Buffer.isBuffer(part);
  return Buffer.from(isRaw ? part : JSON.stringify(part)).toString('base64url');
};

/** The three parts of a compact JWS, still encoded. */
export const partsOf = (jws: string): [header: string, payload: string, signature: string] => {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  return [header, payload, signature];
};

/** The code of the error that an attempt ends in; `accepted` when it does not. Any other kind of error is passed on. */
export const outcome = (attempt: () => unknown): string => {
  try {
    attempt();
    return 'accepted';
  } catch (error) {
    if (error instanceof DocumentError || error instanceof FileError || error instanceof ProofError) return error.code;
    throw error;
  }
};

/** A seed for this run, printed so that SEED=… repeats it; and its random numbers. */
export const seededRandom = (name: string): { below: (limit: number) => number } => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  process.stdout.write(`${name}: SEED=${seed}\n`);
  let state = seed >>> 0;
  // mulberry32: small, public domain, good enough to choose bits.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (limit) => Math.floor(next() * limit) };
};
