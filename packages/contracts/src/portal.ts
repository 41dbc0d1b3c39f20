import type { EmailAddress, Language } from './account.ts';
import type { Instant, Uuid } from './common.ts';

/** Sign-in with a License ID: sees exactly that license. */
export type CreatePortalSessionRequest = { licenseId: Uuid };

export type CreatePortalChallengeRequest = { email: EmailAddress };

/** Always answered alike, whether or not the address is a contact of anybody. */
export type PortalChallenge = {
  challengeId: Uuid;
  expiresAt: Instant;
};

export type VerifyPortalChallengeRequest = {
  /**
   * The six digits from the e-mail.
   * @pattern ^[0-9]{6}$
   * @example "123456"
   */
  code: string;
};

/** The refresh token travels as a cookie of `/v1/auth`: `POST /v1/auth/refresh` goes on, `/v1/auth/logout` ends. */
export type PortalSession = {
  accessToken: string;
  tokenType: 'Bearer';
  /**
   * Seconds.
   * @isInt
   */
  expiresIn: number;
};

/** What account seals for notification in a `portal-code.requested.1`: nobody in between can read it. */
export type PortalCodeMessage = {
  /** Null: nobody knows the address that was asked for, and nothing is sent. */
  recipient: EmailAddress | null;
  language: Language;
  /** Six digits. */
  code: string;
};
