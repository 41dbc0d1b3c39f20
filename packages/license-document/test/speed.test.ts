import { sign, verify } from 'node:crypto';
import { readLicenseFile, verifyDocument, writeLicenseFile } from '../src/index.ts';
import { rootPublicKey, sample, signer, signingKey } from './support.ts';

const jws = signer.sign(sample);
const file = writeLicenseFile({ jws });
const input = Buffer.from(jws.slice(0, jws.lastIndexOf('.')));
const signature = Buffer.from(jws.slice(jws.lastIndexOf('.') + 1), 'base64url');

/** Calls per second of processor time, the best of several rounds: others on the machine do not count. */
const rates = <Name extends string>(work: Record<Name, () => unknown>): Record<Name, number> => {
  const best = {} as Record<Name, number>;
  for (let round = 0; round < 7; round += 1) {
    for (const name of Object.keys(work) as Name[]) {
      const begin = process.cpuUsage();
      for (let count = 0; count < 300; count += 1) work[name]();
      const { user, system } = process.cpuUsage(begin);
      best[name] = Math.max(best[name] ?? 0, 300 / ((user + system) / 1e6));
    }
  }
  return best;
};

test('issuing and verifying files costs little more than the signatures alone (npm run bench says how much)', () => {
  const { bareSign, issue, bareVerify, read } = rates({
    bareSign: () => sign(null, input, signingKey),
    issue: () => writeLicenseFile({ jws: signer.sign(sample) }),
    bareVerify: () => verify(null, input, rootPublicKey, signature),
    read: () => verifyDocument(readLicenseFile(file).jws, { rootPublicKey }),
  });
  expect(issue / bareSign).toBeGreaterThan(0.2);
  expect(read / bareVerify).toBeGreaterThan(0.3);
});
