import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  DocumentError,
  FileError,
  ProofError,
  publicJwk,
  readLicenseFile,
  timeAtLeast,
  verifyCertificate,
  verifyDeviceProof,
  verifyDocument,
  verifyRequestFile,
  verifyReturnReceipt,
  verifyRevocations,
} from '../src/index.ts';
import { allVectors, textOf } from '../src/vectors/all.ts';
import type { Vector, VectorFile } from '../src/vectors/vector.ts';
import { expectedOfReader2, expectedVerdict, type Verdict, vectorFiles } from './vectors.ts';

/** One object per root key, as a gateway has: what is remembered by it must not change the verdict on others. */
const rootKeys = new Map<string, KeyObject>();

const rootKeyOf = ({ roots }: VectorFile, name = ''): KeyObject => {
  const jwk = roots[name];
  const kept = rootKeys.get(name) ?? (jwk && createPublicKey({ key: jwk, format: 'jwk' }));
  if (kept) rootKeys.set(name, kept);
  return kept as KeyObject;
};

/** What this package makes of a vector. */
const judge = (file: VectorFile, vector: Vector): Verdict => {
  const { kind } = file;
  const rootPublicKey = rootKeyOf(file, vector.root);
  try {
    return JSON.parse(JSON.stringify({ expected: 'accepted', ...read(kind, vector, rootPublicKey) })) as Verdict;
  } catch (error) {
    const isRefusal = error instanceof DocumentError || error instanceof FileError || error instanceof ProofError;
    if (isRefusal) return { expected: error.code };
    throw error;
  }
};

const read = (kind: VectorFile['kind'], vector: Vector, rootPublicKey: KeyObject): Partial<Verdict> => {
  const { input } = vector;
  switch (kind) {
    case 'certificate': {
      const { publicKey, ...certificate } = verifyCertificate(input, { rootPublicKey });
      return { content: { ...certificate, jwk: publicJwk(publicKey) } };
    }
    case 'revocations':
      return { content: verifyRevocations(input, { rootPublicKey }) };
    case 'device-proof':
      return { content: verifyDeviceProof(input) };
    case 'request-file':
      return { content: verifyRequestFile(input) };
    case 'return-receipt':
      return { content: verifyReturnReceipt(input) };
    case 'license-file':
      return { content: verifyDocument(readLicenseFile(input).jws, { rootPublicKey, ...vector }).document };
    case 'document': {
      const { document, revocations } = verifyDocument(input, { rootPublicKey, ...vector });
      const clock = vector.clock && timeAtLeast(document, new Date(vector.clock)).toISOString();
      return { content: document, newestRevocations: revocations, ...(clock ? { timeAtLeast: clock } : {}) };
    }
  }
};

describe.each(vectorFiles)('frozen vectors: $name', ({ name, formatVersion, text, content }) => {
  test.each(content.vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    expect(judge(content, vector)).toEqual(formatVersion === 1 ? expectedOfReader2(vector) : expectedVerdict(vector));
  });

  test('the script still makes the same file, byte by byte', () => {
    expect(textOf(allVectors()[name] as VectorFile)).toBe(text);
  });

  test('no vector stands there twice', () => {
    expect(new Set(content.vectors.map((vector) => vector.name)).size).toBe(content.vectors.length);
  });
});

test('two vectors of version 1 are judged otherwise by now, and stay refused', () => {
  const judgedOtherwise = vectorFiles
    .filter(({ formatVersion }) => formatVersion === 1)
    .flatMap(({ content }) => content.vectors)
    .filter((vector) => expectedOfReader2(vector).expected !== vector.expected);
  expect(judgedOtherwise.map(({ name }) => name)).toEqual([
    'a later format version',
    'a later format version in the block',
  ]);
});

test('every kind has its frozen file', () => {
  expect(vectorFiles.map(({ name }) => name)).toEqual(Object.keys(allVectors()));
});
