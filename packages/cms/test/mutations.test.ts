import { FileError, readLicenseFile, writeLicenseFile } from '@smartserver/license-document';
import { announcedSeed } from '@smartserver/testing';
import fc from 'fast-check';
import { capacity, issuer, maintenance } from './documents.ts';
import { OfflineBox, type Refusal } from './offline-box.ts';

const seed = announcedSeed('mutations');
const numRuns = Number(process.env.TEST_MUTATIONS ?? 1_000);

const vendor = issuer();
const stranger = issuer();
const genuine = vendor.file({ serial: 9, licenses: [capacity, maintenance] });
const others = [
  vendor.file({ serial: 8, licenses: [capacity] }),
  vendor.file({ serial: 12, installCode: '0302E1C2A8F40099', licenses: [capacity, maintenance] }),
  stranger.file({ serial: 12, licenses: [capacity, maintenance] }),
];
const partsOf = (file: string) => readLicenseFile(file).jws.split('.') as [string, string, string];

/** The file that a forger would make of these parts: with the text that belongs to them, where there is such a text. */
const assembled = (parts: readonly string[]): string => {
  const jws = parts.join('.');
  try {
    return writeLicenseFile({ jws });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const [head] = genuine.split('-----BEGIN');
    return `${head}-----BEGIN SMARTSERVER LICENSE-----\n${jws.replace(/.{64}(?=.)/g, '$&\n')}\n-----END SMARTSERVER LICENSE-----\n`;
  }
};

const encoded = (json: string) => Buffer.from(json).toString('base64url');
const position = fc.nat({ max: genuine.length - 1 });
const lines = genuine.split('\n');
const line = fc.nat({ max: lines.length - 1 });

const mutated: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc.array(fc.tuple(position, fc.nat({ max: 7 })), { minLength: 1, maxLength: 3 }).map((flips) => {
    const bytes = Buffer.from(genuine);
    for (const [at, bit] of flips) bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
    return bytes;
  }),
  position.map((length) => genuine.slice(0, length)),
  fc
    .tuple(position, fc.string({ minLength: 1, unit: 'binary' }))
    .map(([at, text]) => genuine.slice(0, at) + text + genuine.slice(at)),
  fc.tuple(line, line).map(([from, to]) =>
    lines
      .with(from, lines[to] ?? '')
      .with(to, lines[from] ?? '')
      .join('\n'),
  ),
  fc.tuple(line, line).map(([from, to]) => lines.toSpliced(to, 0, lines[from] ?? '').join('\n')),
  line.map((at) => lines.toSpliced(at, 1).join('\n')),
  fc
    .tuple(fc.nat({ max: 2 }), fc.constantFrom(...others))
    .map(([part, other]) => assembled(partsOf(genuine).with(part, partsOf(other)[part] ?? ''))),
  fc.tuple(fc.constantFrom(...others), fc.boolean()).map(([other, ofGenuine]) => {
    const [head, body] = ofGenuine ? [genuine, other] : [other, genuine];
    return `${head.split('-----BEGIN')[0]}-----BEGIN${body.split('-----BEGIN')[1]}`;
  }),
  fc
    .constantFrom(
      ['"serial":9', '"serial":10'],
      ['"serial":9', '"serial":9,"serial":10'],
      ['"serial":9', '"serial":9.0'],
      ['"deviceCount":1000', '"deviceCount":1000000'],
      ['"deviceCount":1000', '"deviceCount":1,"deviceCount":1000'],
      ['2029-03-01T12:00:00.000Z', '2039-03-01T12:00:00.000Z'],
      ['"formatVersion":1', '"formatVersion":2'],
      ['"installCode"', '"installcode"'],
      ['{"formatVersion"', ' {"formatVersion"'],
    )
    .map(([from, to]) => {
      const [header, payload, signature] = partsOf(genuine);
      const json = Buffer.from(payload, 'base64url').toString();
      return assembled([header, encoded(json.replace(from ?? '', to ?? '')), signature]);
    }),
  fc.constantFrom('HS256', 'none', 'ES256').map((alg) => {
    const [header, payload, signature] = partsOf(genuine);
    const json = Buffer.from(header, 'base64url').toString();
    return assembled([encoded(json.replace('EdDSA', alg)), payload, alg === 'none' ? '' : signature]);
  }),
  fc.nat({ max: 3 }).map((times) => genuine + genuine.repeat(times + 1)),
  fc.nat({ max: 2 * 1024 * 1024 }).map((length) => genuine + 'A'.repeat(length + 1)),
);

const isGenuine = (content: string | Buffer): boolean => {
  try {
    return readLicenseFile(content.toString()).jws === readLicenseFile(genuine).jws;
  } catch {
    return false;
  }
};

test(
  `of ${numRuns} mutated files none is accepted, none crashes, each is refused with a reason, and the store stays as it was`,
  async () => {
    console.log(`${numRuns} mutated files`);
    const box = new OfflineBox(vendor);
    await box.init();
    await box.add({ serial: 7 });
    const before = box.snapshot();
    const reasons = new Map<string, number>();
    const mutation = fc.asyncProperty(mutated, async (content) => {
      // A flip that only changes blank space at the very end is no change.
      fc.pre(!isGenuine(content));
      const { problem } = await box.json<Refusal>('add', box.put(content));
      expect(problem.code).toMatch(
        /^file_(malformed|truncated|too_large|head_mismatch|signature_invalid|superseded|wrong_controller|unsupported_version)$/,
      );
      expect(box.snapshot()).toEqual(before);
      reasons.set(problem.code, (reasons.get(problem.code) ?? 0) + 1);
    });
    try {
      await fc.assert(mutation, { seed, numRuns, endOnFailure: true });
      console.log(Object.fromEntries(reasons));
      expect(reasons.size).toBeGreaterThanOrEqual(5);
      expect(await box.cms('add', box.put(genuine))).toBe(0);
    } finally {
      box.remove();
    }
  },
  60_000 + 30 * numRuns,
);
