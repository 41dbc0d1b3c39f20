import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, errors, importJWK, type JWK } from 'jose';
import type { Vector, VectorFile } from '../src/vectors/vector.ts';
import { blockOf, fits, isTextOf, kinds, payloadForm, type Reader } from './format-rules.ts';
import type { Verdict } from './vectors.ts';

/** Verifies with `jose` and the machine-readable format: an implementation that shares nothing with the package. */
class Refused extends Error {}
type Members = Record<string, unknown>;

const need = (condition: boolean, code: string): void => {
  if (!condition) throw new Refused(code);
};

/** JSON of one spelling. */
const strict = (bytes: Uint8Array, code: string): unknown => {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    if (Buffer.from(JSON.stringify(value)).equals(bytes)) return value;
  } catch {}
  throw new Refused(code);
};

const opened = async (
  jws: string,
  kind: string,
  keyOf: (header: Members) => Promise<JWK>,
  forged = 'signature_invalid',
  reader: Reader = 1,
) => {
  const { typ, invalid, maxLength, header: wanted, optional = {} } = kinds[kind] as (typeof kinds)[string];
  need(jws.length <= maxLength && /^[\w-]+\.[\w-]+\.[\w-]{86}$/.test(jws) && !jws.endsWith('\n'), invalid);
  const parts = jws.split('.').map((part) => Buffer.from(part, 'base64url'));
  need(parts.map((part) => part.toString('base64url')).join('.') === jws, invalid);
  const header = strict(parts[0] as Buffer, invalid) as Members;
  const carried = Object.fromEntries(
    Object.entries(optional).filter(([name]) => header && Object.hasOwn(header, name)),
  );
  const fixed = { alg: { values: ['EdDSA'] }, typ: { values: [typ] } };
  need(fits(header, { members: { ...fixed, ...wanted, ...carried } }), invalid);
  const key = await importJWK(await keyOf(header), 'EdDSA');
  const verified = await compactVerify(jws, key, { algorithms: ['EdDSA'] }).catch((error) => {
    throw error instanceof errors.JWSSignatureVerificationFailed ? new Refused(forged) : error;
  });
  expect(verified.protectedHeader).toEqual(decodeProtectedHeader(jws));
  const payload = strict(verified.payload, invalid) as Members;
  checkForm(payload, kind, reader);
  return { header, payload };
};

const checkForm = (payload: Members, kind: string, reader: Reader): void => {
  const form = payloadForm(kind, payload?.formatVersion, reader);
  if (form === undefined) throw new Refused('unsupported_version');
  need(fits(payload, { members: form }), kinds[kind]?.invalid ?? '');
};

const byRoot = async (jws: string, kind: string, root: JWK, otherRoot: string): Promise<Members> => {
  const { invalid } = kinds[kind] as (typeof kinds)[string];
  const rootKid = await calculateJwkThumbprint(root);
  const known = async (header: Members) => {
    need(header.kid === rootKid, otherRoot);
    return root;
  };
  const { formatVersion: _, ...payload } = (await opened(jws, kind, known, invalid)).payload;
  return { ...payload, rootKid };
};

const certificate = async (jws: string, root: JWK): Promise<Members> => {
  const found = await byRoot(jws, 'certificate', root, 'root_unknown');
  const kid = await calculateJwkThumbprint(found.jwk as JWK);
  need(found.kid === kid && time(found.notBefore) < time(found.notAfter), 'certificate_invalid');
  return found;
};

const document = async (jws: string, root: JWK, vector: Vector, reader: Reader) => {
  const certified = async ({ cert, kid }: Members) => {
    const found = await certificate(String(cert), root);
    need(found.kid === kid, 'certificate_invalid');
    return found.jwk as JWK;
  };
  const { header, payload } = await opened(jws, 'document', certified, 'signature_invalid', reader);
  const { notBefore, notAfter } = await certificate(String(header.cert), root);
  const remembered = await statement(vector.revocations, root);
  const carried = await statement(header.rev, root);
  const newest = carried && (!remembered || carried.at > remembered.at) ? carried : remembered;
  need(!newest?.kids.includes(String(header.kid)), 'key_revoked');
  const issuedAt = time(payload.issuedAt);
  need(issuedAt >= time(notBefore) && issuedAt <= time(notAfter), 'certificate_expired');
  need([undefined, payload.installCode].includes(vector.installCode), 'wrong_controller');
  const excused = carried?.kids.includes(vector.minimumSerialKeyId ?? '');
  need(excused || Number(payload.serial) >= (vector.minimumSerial ?? 0), 'superseded');
  return { content: payload, newestRevocations: newest?.text ?? null };
};

const statement = async (text: unknown, root: JWK) => {
  if (typeof text !== 'string') return null;
  const { issuedAt, revokedKeyIds } = await byRoot(text, 'revocations', root, 'revocations_invalid');
  return { text, at: time(issuedAt), kids: revokedKeyIds as string[] };
};

const ofDevice = async (jws: string, kind: string) => {
  const { header, payload } = await opened(jws, kind, async ({ jwk }) => jwk as JWK);
  const { formatVersion: _, ...content } = payload;
  return {
    payload,
    content: { ...content, publicKeyJwk: header.jwk, thumbprint: await calculateJwkThumbprint(header.jwk as JWK) },
  };
};

const inFile = async (
  kind: string,
  file: string,
  read: (jws: string) => Promise<{ payload: Members }>,
  reader: Reader = 1,
): Promise<string> => {
  const found = blockOf(kind, file, reader);
  if ('fault' in found) throw new Refused(found.fault);
  const { payload } = await read(found.jws);
  need(isTextOf(kind, file, payload, found.jws), 'head_mismatch');
  return found.jws;
};

/** What a license file is about to say; only good for comparing its text. */
const unverified = async (jws: string, reader: Reader): Promise<{ payload: Members }> => {
  const { typ } = kinds.document as (typeof kinds)[string];
  const [header = '', payload = ''] = jws.split('.');
  need((strict(Buffer.from(header, 'base64url'), 'malformed') as Members).typ === typ, 'malformed');
  const content = strict(Buffer.from(payload, 'base64url'), 'malformed') as Members;
  checkForm(content, 'document', reader);
  return { payload: content };
};

const read = async (kind: VectorFile['kind'], root: JWK, vector: Vector, reader: Reader): Promise<Partial<Verdict>> => {
  const { input, clock } = vector;
  switch (kind) {
    case 'certificate':
      return { content: await certificate(input, root) };
    case 'revocations':
      return { content: await byRoot(input, kind, root, 'revocations_invalid') };
    case 'document': {
      const found = await document(input, root, vector, reader);
      const at = Math.max(Date.parse(clock ?? ''), time(found.content.issuedAt));
      return { ...found, ...(clock ? { timeAtLeast: new Date(at).toISOString() } : {}) };
    }
    case 'license-file': {
      const jws = await inFile(kind, input, (block) => unverified(block, reader), reader);
      return { content: (await document(jws, root, vector, reader)).content };
    }
    case 'device-proof': {
      const { aud: audience, iat, ...claims } = (await ofDevice(input, kind)).content as Members;
      return { content: { audience, ...claims, issuedAt: new Date(Number(iat) * 1000).toISOString() } };
    }
    default:
      return { content: (await ofDevice(await inFile(kind, input, (jws) => ofDevice(jws, kind)), kind)).content };
  }
};

const time = (instant: unknown) => Date.parse(String(instant));

/** @param reader the newest format version that it is to know */
export const judgeWithJose = async ({ kind, roots }: VectorFile, vector: Vector, reader: Reader): Promise<Verdict> => {
  try {
    return { expected: 'accepted', ...(await read(kind, roots[vector.root ?? ''] as JWK, vector, reader)) };
  } catch (error) {
    if (error instanceof Refused) return { expected: error.message };
    throw error;
  }
};
