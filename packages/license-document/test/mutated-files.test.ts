import {
  createRequestFile,
  createReturnReceipt,
  createSigner,
  issueRevocation,
  keyId,
  readLicenseFile,
  verifyDocument,
  verifyRequestFile,
  verifyReturnReceipt,
  writeLicenseFile,
} from '../src/index.ts';
import { mutators } from './mutators.ts';
import {
  certificate,
  outcome,
  rootKey,
  rootPublicKey,
  sample,
  seededRandom,
  signingKey,
  strangerKey,
} from './support.ts';

/** Mutated files in all; the long dose sets TEST_MUTATIONS=100000. */
const count = Number(process.env.TEST_MUTATIONS ?? 5000);
jest.setTimeout(30_000 + count * 10);

const revocations = issueRevocation({
  rootKey,
  revokedKeyIds: [keyId(strangerKey)],
  issuedAt: new Date('2026-02-01T00:00:00Z'),
});
const signers = [undefined, revocations].map((revocations) => createSigner({ signingKey, certificate, revocations }));
const numbers = Array.from({ length: 12 }, (_, index) => index);

const licenseIdOf = (index: number) => `0d6c9b1e-5c1f-4d43-9a55-${String(index).padStart(12, '0')}`;

const licenseFile = (index: number): string => {
  const licenses = numbers.slice(0, index).map((one) => {
    const kept = sample.licenses[one % 2] as (typeof sample.licenses)[number];
    return { ...kept, licenseId: licenseIdOf(one), deviceCount: 100 * (one + 1) };
  });
  const signer = signers[index % 2] as (typeof signers)[number];
  return writeLicenseFile({ jws: signer.sign({ ...sample, serial: index, licenses }) });
};

const common = (index: number) => ({
  deviceKey: strangerKey,
  installCode: `SSIOT-0001-${String(index).padStart(4, '0')}`,
  customerId: sample.customerId,
  serial: index,
  createdAt: new Date(Date.UTC(2026, 2, 1 + index)),
  nonce: `nonce-${index}`,
});

const subjects = [
  {
    name: 'license files',
    genuine: numbers.map(licenseFile),
    verify: (file: string) => verifyDocument(readLicenseFile(file).jws, { rootPublicKey }),
  },
  {
    name: 'request files',
    genuine: numbers.map((index) =>
      createRequestFile({ ...common(index), segmentName: `Gebäude ${index}`, softwareVersion: '4.40.012' }),
    ),
    verify: verifyRequestFile,
  },
  {
    name: 'return receipts',
    genuine: numbers.map((index) =>
      createReturnReceipt({ ...common(index), licenseIds: numbers.slice(0, index + 1).map(licenseIdOf) }),
    ),
    verify: verifyReturnReceipt,
  },
];

/** What transport may do to a text: such a file is the same file. */
const asWritten = (file: string): string => {
  const text = file.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  let length = text.length;
  // Not with an expression: on a megabyte of blank space it would take for ever.
  while ('\n '.includes(text.charAt(length - 1)) && length > 0) length -= 1;
  return text.slice(0, length);
};

describe.each(subjects)(
  'of $name, none that was mutated is accepted, none crashes, each is refused for its reason',
  (subject) => {
    const { name, genuine, verify } = subject;
    const random = seededRandom(`mutated ${name}`);
    const rounds = Math.ceil(count / subjects.length / mutators.length);

    test.each(mutators)(`$name (${rounds})`, ({ mutate, reasons }) => {
      const tally: Record<string, number> = {};
      for (let round = 0; round < rounds; round += 1) {
        const index = random.below(genuine.length);
        const file = genuine[index] ?? '';
        const other = genuine[(index + 1 + random.below(genuine.length - 1)) % genuine.length] ?? '';
        const mutated = mutate(file, other, random);
        if (asWritten(mutated) === asWritten(file)) continue;
        const reason = outcome(() => verify(mutated));
        tally[reason] = (tally[reason] ?? 0) + 1;
        if (!reasons.includes(reason)) throw new Error(`${reason}: ${mutated.slice(0, 5000)}`);
      }
      expect(Object.keys(tally)).not.toEqual([]);
    });

    test('the untouched ones are accepted', () => {
      expect(genuine.map((file) => outcome(() => verify(file)))).toEqual(genuine.map(() => 'accepted'));
    });
  },
);
