import {
  DocumentError,
  type VerifiedDocument,
  type VerifyOptions,
  verifyDocument,
  verifyRevocations,
} from '@smartserver/license-document';

/** A license document as it lies in the store. */
export type StoredText = { serial: number; jws: string };

/** What a document must belong to. */
export type Trust = Required<Pick<VerifyOptions, 'rootPublicKey' | 'installCode'>>;

/**
 * What the store has ever seen signed: the newest statement of revoked keys, and the newest time of issue, before which no clock
 * here is believed. It is derived from the documents themselves, verified again each time.
 */
export type Evidence = { revocations: string | null; newestIssuedAt: Date | null };

/** A stored document that counts; `verified` null: it is damaged. */
export type Counting = StoredText & { verified: VerifiedDocument | null };

/** Documents that do not verify prove nothing. */
export const evidenceOf = (texts: readonly StoredText[], trust: Trust): Evidence => {
  let revocations: string | null = null;
  for (const { jws } of texts) {
    const verified = attempt(jws, { ...trust, revocations });
    if (typeof verified !== 'string') revocations = verified.revocations;
  }
  // Once more, now that all revoked keys are known: a time that a stolen key signed does not count.
  const times = texts.flatMap(({ jws }) => issueTime(jws, { ...trust, revocations }));
  return { revocations, newestIssuedAt: times.length === 0 ? null : new Date(Math.max(...times)) };
};

/**
 * The documents that count, in the order given: not those of a revoked key, whatever their serial. One that is damaged counts:
 * by its name it says that there was a newer document than the others.
 */
export const counting = (texts: readonly StoredText[], trust: Trust, { revocations }: Evidence): Counting[] =>
  texts.flatMap((text) => {
    const verified = attempt(text.jws, { ...trust, revocations });
    if (verified === 'key_revoked') return [];
    return [{ ...text, verified: typeof verified === 'string' ? null : verified }];
  });

/**
 * Which of the older documents still prove something that the newest does not: a later time of issue (the clocks of two servers
 * differ), or a newer statement of revoked keys. At most two; the others can go.
 */
export const stillNeeded = (newestJws: string, older: readonly StoredText[], trust: Trust): Set<number> => {
  const { revocations } = evidenceOf([{ serial: 0, jws: newestJws }, ...older], trust);
  const issued = (jws: string) => issueTime(jws, { ...trust, revocations })[0] ?? 0;
  const stated = (jws: string) => carriedRevocations(jws, trust)?.issuedAt.getTime() ?? 0;
  return new Set([issued, stated].flatMap((measure) => best(measure, newestJws, older)));
};

/** The statement of revoked keys that a genuine document itself carries: it was issued in knowledge of it. */
export const carriedRevocations = (jws: string, trust: Trust) => {
  const verified = attempt(jws, trust);
  return typeof verified === 'string' ? null : revocationsOf(verified, trust);
};

/** A statement of revoked keys that came with a verified document, read. */
export const revocationsOf = ({ revocations }: Pick<VerifiedDocument, 'revocations'>, trust: Trust) =>
  revocations === null ? null : verifyRevocations(revocations, trust);

const best = (measure: (jws: string) => number, newestJws: string, older: readonly StoredText[]): number[] => {
  let found: number[] = [];
  let most = measure(newestJws);
  for (const { serial, jws } of older) {
    const value = measure(jws);
    if (value <= most) continue;
    found = [serial];
    most = value;
  }
  return found;
};

const issueTime = (jws: string, options: VerifyOptions): number[] => {
  const verified = attempt(jws, options);
  return typeof verified === 'string' ? [] : [Date.parse(verified.document.issuedAt)];
};

/** The document, or why it is none. */
const attempt = (jws: string, options: VerifyOptions): VerifiedDocument | DocumentError['code'] => {
  try {
    return verifyDocument(jws, options);
  } catch (error) {
    if (error instanceof DocumentError) return error.code;
    throw error;
  }
};
