import type { PublicJwk } from '../keys.ts';

/** One case. `expected`: `accepted`, or the code of the refusal; `content`: what an accepted one says. */
export type Vector = {
  name: string;
  /** A compact JWS, or the text of a file. */
  input: string;
  expected: string;
  content?: unknown;
  /** Which of the `roots` the verifier knows; absent where no root key is needed. */
  root?: string;
  installCode?: string;
  minimumSerial?: number;
  minimumSerialKeyId?: string;
  /** Statement of revoked keys that the verifier remembers. */
  revocations?: string;
  /** Statement to remember from now on. */
  newestRevocations?: string | null;
  /** What the controller's clock says, and the time it has to judge terms by. */
  clock?: string;
  timeAtLeast?: string;
};

/** One file of vectors: all of one kind of input. */
export type VectorFile = {
  about: string;
  kind:
    | 'document'
    | 'license-file'
    | 'request-file'
    | 'return-receipt'
    | 'certificate'
    | 'revocations'
    | 'device-proof';
  roots: Record<string, PublicJwk>;
  vectors: Vector[];
};

type Case = [name: string, input: string, more?: Partial<Vector>];

export const accepted = (content: unknown, cases: Case[]): Vector[] =>
  cases.map(([name, input, more]) => ({ name, input, expected: 'accepted', content, ...more }));

export const refused = (code: string, cases: Case[]): Vector[] =>
  cases.map(([name, input, more]) => ({ name, input, expected: code, ...more }));
