/** Issuing and verifying documents and files against bare node:crypto over the same bytes, in the same process. */
import { sign, verify } from 'node:crypto';
import {
  createRequestFile,
  createSigner,
  exportPublicKey,
  generateKey,
  importPublicKey,
  issueCertificate,
  readLicenseFile,
  verifyDocument,
  verifyRequestFile,
  writeLicenseFile,
} from '../dist/index.js';

const [rootKey, signingKey, deviceKey] = [generateKey(), generateKey(), generateKey()];
const [rootPublicKey, publicKey] = [rootKey, signingKey].map((key) => importPublicKey(exportPublicKey(key)));
const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2028-12-31') };
const certificate = issueCertificate({ rootKey, signingKey, ...validity });
const signer = createSigner({ signingKey, certificate });
const [installCode, customerId] = ['SSIOT-0001-7F3A', '2133c667-af41-4518-94df-a2bb3b775330'];
const document = {
  formatVersion: 1,
  issuer: 'bench',
  installCode,
  customerId,
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
const file = writeLicenseFile({ jws });
const input = Buffer.from(jws.slice(0, jws.lastIndexOf('.')));
const signature = Buffer.from(jws.slice(jws.lastIndexOf('.') + 1), 'base64url');
const said = { installCode, customerId, segmentName: 'Building 1', softwareVersion: '4.40.012', serial: 1 };
const request = { deviceKey, ...said, createdAt: new Date('2026-03-01'), nonce: 'n-1' };
const requestFile = createRequestFile(request);

const work = {
  bareSign: () => sign(null, input, signingKey),
  bareVerify: () => verify(null, input, publicKey, signature),
  signDocument: () => signer.sign(document),
  issueFile: () => writeLicenseFile({ jws: signer.sign(document) }),
  makeRequest: () => createRequestFile(request),
  verifyDocument: () => verifyDocument(jws, { rootPublicKey }),
  verifyFile: () => verifyDocument(readLicenseFile(file).jws, { rootPublicKey }),
  // A root key that was never seen: the certificate is verified as well, as on a gateway that has just started.
  verifyFirst: () => verifyDocument(readLicenseFile(file).jws, { rootPublicKey: importPublicKey(rootPem) }),
  verifyRequest: () => verifyRequestFile(requestFile),
};
const rootPem = exportPublicKey(rootKey);

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Calls per second of processor time, the best of several alternating rounds: what one core does when nothing disturbs it. */
const best = {};
const calls = 2000;
for (let round = 0; round < 9; round += 1) {
  for (const [name, call] of Object.entries(work)) {
    const begin = cpuMs();
    for (let count = 0; count < calls; count += 1) call();
    best[name] = Math.max(best[name] ?? 0, (calls * 1000) / (cpuMs() - begin));
  }
}

const line = (text, name, floor, least) => {
  const [rate, bare] = [best[name], best[floor]];
  const aim = least ? `, wanted ${least}/s` : '';
  console.log(`${text.padEnd(52)} ${rate.toFixed(0).padStart(6)}/s  ${(rate / bare).toFixed(2)} of bare${aim}`);
  if (least && rate < least) process.exitCode = 1;
};
console.log(`bare Ed25519 signature ${best.bareSign.toFixed(0)}/s, verification ${best.bareVerify.toFixed(0)}/s`);
line('sign a document', 'signDocument', 'bareSign');
line('issue a license file (.lic)', 'issueFile', 'bareSign', 2000);
line('make a request file (.req)', 'makeRequest', 'bareSign');
line('verify a document', 'verifyDocument', 'bareVerify');
line('read and verify a license file', 'verifyFile', 'bareVerify', 5000);
line('the same, the first of a root key (2 verifications)', 'verifyFirst', 'bareVerify');
line('verify a request file', 'verifyRequest', 'bareVerify');
