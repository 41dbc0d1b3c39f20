import {
  createSigner,
  issueRevocation,
  keyId,
  signDeviceProof,
  verifyCertificate,
  verifyDeviceProof,
  verifyDocument,
  verifyRevocations,
} from '../src/index.ts';
import {
  certificate,
  outcome,
  partsOf,
  rootKey,
  rootPublicKey,
  sample,
  seededRandom,
  signingKey,
  strangerKey,
} from './support.ts';

/** Mutations of each kind; the long dose sets TEST_MUTATIONS. */
const count = Number(process.env.TEST_MUTATIONS ?? 5000);
jest.setTimeout(30_000 + count * 10);

const proof = signDeviceProof({
  deviceKey: strangerKey,
  audience: 'smartserver-license-management',
  customerId: sample.customerId,
  installCode: sample.installCode,
  userType: 'owner',
  issuedAt: new Date('2026-03-01T08:30:00Z'),
  nonce: 'b1946ac92492d2347c6235b4d2611184',
});

const revocations = issueRevocation({
  rootKey,
  revokedKeyIds: [keyId(strangerKey)],
  issuedAt: new Date('2026-02-01T00:00:00Z'),
});

const subjects = [
  {
    name: 'license document',
    genuine: createSigner({ signingKey, certificate, revocations }).sign(sample),
    verify: (jws: string) => verifyDocument(jws, { rootPublicKey }),
  },
  { name: 'certificate', genuine: certificate, verify: (jws: string) => verifyCertificate(jws, { rootPublicKey }) },
  {
    name: 'statement of revoked keys',
    genuine: revocations,
    verify: (jws: string) => verifyRevocations(jws, { rootPublicKey }),
  },
  { name: 'device proof', genuine: proof, verify: verifyDeviceProof },
];

describe.each(subjects)('no $name with flipped bits is accepted', ({ name, genuine, verify }) => {
  const random = seededRandom(`mutations of a ${name}`);

  function flipBit(bytes: Buffer): Buffer {
    const index = random.below(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << random.below(8)), index);
    return bytes;
  }

  test(`${count} flips in its text`, () => {
    for (let round = 0; round < count; round += 1) {
      const mutated = flipBit(Buffer.from(genuine, 'latin1')).toString('latin1');
      if (outcome(() => verify(mutated)) === 'accepted') throw new Error(`accepted: ${mutated}`);
    }
  });

  test(`${count} flips, one to three, in its decoded parts, certificate and statement included`, () => {
    for (let round = 0; round < count; round += 1) {
      const parts = partsOf(genuine);
      const chosen = random.below(3);
      const bytes = Buffer.from(parts[chosen] ?? '', 'base64url');
      const before = Buffer.from(bytes);
      for (let flips = 1 + random.below(3); flips > 0; flips -= 1) flipBit(bytes);
      if (bytes.equals(before)) continue;
      parts[chosen] = bytes.toString('base64url');
      const mutated = parts.join('.');
      if (outcome(() => verify(mutated)) === 'accepted') throw new Error(`accepted: ${mutated}`);
    }
  });

  test('the untouched one is accepted', () => {
    expect(outcome(() => verify(genuine))).toBe('accepted');
  });
});
