import { PROBLEMS, type Problem, type ProblemCode, type ProblemItem } from '@smartserver/contracts';

/**
 * An error of the catalogue, thrown anywhere and rendered by the server alone. Two texts: `message` is for the log,
 * `detail` for the caller, who otherwise reads the catalogue's advice. Neither may hold a value of the input.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly errors?: ProblemItem[];
  readonly detail?: string;
  /** Headers of the answer, as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(
      options.log ?? options.detail ?? PROBLEMS[code].title,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.code = code;
    if (options.errors !== undefined) this.errors = options.errors;
    if (options.detail !== undefined) this.detail = options.detail;
    if (options.headers !== undefined) this.headers = options.headers;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

export type ProblemOptions = {
  /** For the caller, instead of the catalogue's advice. */
  detail?: string;
  /** The faulty places of the input. */
  errors?: ProblemItem[];
  /** The error behind it, for the log. */
  cause?: unknown;
  /** Text for the log. */
  log?: string;
  headers?: Readonly<Record<string, string>>;
};

/** `throw problem('license_in_use', { errors: [{ pointer: '/licenseIds/0', code: 'license_in_use', detail: '…' }] })` */
export const problem = (code: ProblemCode, options?: ProblemOptions): ProblemError => new ProblemError(code, options);

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The body of an error answer (RFC 9457). `instance` is the request id, by which our log is found. */
export const toProblem = (error: ProblemError, requestId: string): Problem => ({
  type: `/problems/${error.code}`,
  title: PROBLEMS[error.code].title,
  status: error.status,
  detail: error.detail ?? PROBLEMS[error.code].advice,
  instance: requestId,
  code: error.code,
  ...(error.errors === undefined ? {} : { errors: error.errors }),
});
