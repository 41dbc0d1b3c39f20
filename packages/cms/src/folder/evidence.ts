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
 * here is believed. It is told by the documents themselves, verified anew each time.
 */
export type Evidence = { revocations: string | null; newestIssuedAt: Date | null };

/** Documents that do not verify tell nothing. */
export function evidenceOf(texts: readonly StoredText[], trust: Trust): Evidence {
  let revocations: string | null = null;
  for (const { jws } of texts) revocations = verifiedOrNull(jws, { ...trust, revocations })?.revocations ?? revocations;
  // Once more, now that all revoked keys are known: a time that a stolen key signed does not count.
  const times = texts.flatMap(({ jws }) => issueTime(verifiedOrNull(jws, { ...trust, revocations })));
  return { revocations, newestIssuedAt: times.length === 0 ? null : new Date(Math.max(...times)) };
}

/**
 * Which of the older documents still tell something that the newest does not: a later time of issue (the clocks of two servers
 * differ), or a newer statement of revoked keys. At most two; the others can go.
 */
export function stillNeeded(newestJws: string, older: readonly StoredText[], trust: Trust): Set<number> {
  const { revocations } = evidenceOf([{ serial: 0, jws: newestJws }, ...older], trust);
  const issued = (jws: string) => issueTime(verifiedOrNull(jws, { ...trust, revocations }))[0] ?? 0;
  const stated = (jws: string) => statementTime(jws, trust);
  return new Set([issued, stated].flatMap((told) => best(told, newestJws, older)));
}

function best(told: (jws: string) => number, newestJws: string, older: readonly StoredText[]): number[] {
  let found: number[] = [];
  let most = told(newestJws);
  for (const { serial, jws } of older) {
    const value = told(jws);
    if (value <= most) continue;
    found = [serial];
    most = value;
  }
  return found;
}

/** Time of the statement of revoked keys that a document itself carries; 0 for none. */
function statementTime(jws: string, trust: Trust): number {
  const carried = verifiedOrNull(jws, trust)?.revocations;
  return carried ? verifyRevocations(carried, trust).issuedAt.getTime() : 0;
}

function issueTime(verified: VerifiedDocument | null): number[] {
  return verified === null ? [] : [Date.parse(verified.document.issuedAt)];
}

function verifiedOrNull(jws: string, options: VerifyOptions): VerifiedDocument | null {
  try {
    return verifyDocument(jws, options);
  } catch (error) {
    if (error instanceof DocumentError) return null;
    throw error;
  }
}
