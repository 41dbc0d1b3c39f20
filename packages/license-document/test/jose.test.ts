import { createPublicKey } from 'node:crypto';
import {
  CompactSign,
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  EmbeddedJWK,
  importJWK,
  type JWK,
} from 'jose';
import { keyId, publicJwk, signDeviceProof, verifyDeviceProof, verifyDocument } from '../src/index.ts';
import { genuineHeader, rootPublicKey, sample, signer, signingKey, strangerKey } from './support.ts';

const json = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString('utf8'));

describe('an independent JOSE implementation agrees', () => {
  test('it verifies a license document from the root key alone, certificate first', async () => {
    const jws = signer.sign(sample);
    const { cert } = decodeProtectedHeader(jws) as { cert: string };
    const root = await importJWK(publicJwk(rootPublicKey), 'EdDSA');
    const certified = json((await compactVerify(cert, root, { algorithms: ['EdDSA'] })).payload) as { jwk: JWK };
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(certified.jwk, 'EdDSA'));
    expect(protectedHeader.typ).toBe('smartserver-license+jwt');
    expect(protectedHeader.kid).toBe(await calculateJwkThumbprint(certified.jwk));
    expect(json(payload)).toEqual(sample);
  });

  test('a document it signs is read here', async () => {
    const jws = await new CompactSign(Buffer.from(JSON.stringify(sample)))
      .setProtectedHeader(genuineHeader)
      .sign(signingKey);
    expect(jws).toBe(signer.sign(sample));
    expect(verifyDocument(jws, { rootPublicKey }).document).toEqual(sample);
  });

  test('it computes the same kid', async () => {
    expect(keyId(strangerKey)).toBe(
      await calculateJwkThumbprint(createPublicKey(strangerKey).export({ format: 'jwk' })),
    );
  });

  test('device proofs, in both directions', async () => {
    const claims = { customerId: sample.customerId, installCode: sample.installCode, userType: 'owner', nonce: 'n-1' };
    const issuedAt = new Date('2026-03-01T08:30:00Z');
    const ours = signDeviceProof({ deviceKey: strangerKey, audience: 'aud', issuedAt, ...claims });
    const { payload } = await compactVerify(ours, EmbeddedJWK);
    expect(json(payload)).toEqual({ aud: 'aud', ...claims, iat: issuedAt.getTime() / 1000 });

    const theirs = await new CompactSign(payload)
      .setProtectedHeader({ typ: 'smartserver-device-proof+jwt', jwk: publicJwk(strangerKey), alg: 'EdDSA' })
      .sign(strangerKey);
    expect(verifyDeviceProof(theirs)).toEqual({
      ...claims,
      audience: 'aud',
      issuedAt,
      publicKeyJwk: publicJwk(strangerKey),
      thumbprint: await calculateJwkThumbprint(publicJwk(strangerKey)),
    });
  });
});
