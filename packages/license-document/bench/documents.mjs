/** Signing and verifying license documents against bare node:crypto over the same bytes, in the same process. */
import { sign, verify } from 'node:crypto';
import {
  createSigner,
  exportPublicKey,
  generateKey,
  importPublicKey,
  issueCertificate,
  verifyDocument,
} from '../dist/index.js';

const [rootKey, signingKey] = [generateKey(), generateKey()];
const [rootPublicKey, publicKey] = [rootKey, signingKey].map((key) => importPublicKey(exportPublicKey(key)));
const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2028-12-31') };
const signer = createSigner({ signingKey, certificate: issueCertificate({ rootKey, signingKey, ...validity }) });
const document = {
  formatVersion: 1,
  issuer: 'bench',
  installCode: 'SSIOT-0001-7F3A',
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  serial: 1,
  issuedAt: '2026-03-01T08:30:00.000Z',
  licenses: ['capacity', 'maintenance'].map((kind, index) => ({
    licenseId: `2133c667-af41-4518-94df-a2bb3b77533${index + 1}`,
    kind,
    deviceCount: 1000,
    activatedAt: '2026-03-01T08:30:00.000Z',
    expiresAt: kind === 'capacity' ? null : '2027-03-01T08:30:00.000Z',
  })),
};
const jws = signer.sign(document);
const input = Buffer.from(jws.slice(0, jws.lastIndexOf('.')));
const signature = Buffer.from(jws.slice(jws.lastIndexOf('.') + 1), 'base64url');

const work = {
  bareSign: () => sign(null, input, signingKey),
  sign: () => signer.sign(document),
  bareVerify: () => verify(null, input, publicKey, signature),
  verify: () => verifyDocument(jws, { rootPublicKey }),
};

/** Calls per second, of the best of several alternating rounds: what the machine can do when nothing else disturbs it. */
const best = {};
for (let round = 0; round < 7; round += 1) {
  for (const [name, call] of Object.entries(work)) {
    const begin = performance.now();
    for (let count = 0; count < 5000; count += 1) call();
    best[name] = Math.max(best[name] ?? 0, 5_000_000 / (performance.now() - begin));
  }
}

const ratio = (one, other) => (one / other).toFixed(2);
console.log(
  `sign    ${best.sign.toFixed(0)}/s, bare ${best.bareSign.toFixed(0)}/s: ${ratio(best.sign, best.bareSign)}`,
);
console.log(
  `verify  ${best.verify.toFixed(0)}/s, bare ${best.bareVerify.toFixed(0)}/s: ${ratio(best.verify, best.bareVerify)} of one, ${ratio(best.verify * 2, best.bareVerify)} of the two it needs`,
);
