import type { ActorKind } from './actors.ts';
import type { InstallCodeText, Instant, Uuid } from './common.ts';
import type { PartnerRole } from './scopes.ts';

/**
 * E-mail address.
 * @format email
 * @maxLength 254
 */
export type EmailAddress = string;

/**
 * Language of e-mails.
 */
export type Language = 'en' | 'de';

export type LoginRequest = {
  email: EmailAddress;
  /**
   * @minLength 1
   * @maxLength 200
   */
  password: string;
  /**
   * Six digits of the authenticator app, where a second factor is set up.
   * @pattern ^[0-9]{6}$
   */
  otp?: string;
};

export type AccessToken = {
  accessToken: string;
  tokenType: 'Bearer';
  /**
   * Seconds.
   * @isInt
   */
  expiresIn: number;
};

/** RFC 6749 names, so that any OAuth client library reads it. */
export type ClientCredentialsRequest = {
  grant_type: 'client_credentials';
  /** @maxLength 100 */
  client_id?: string;
  /** @maxLength 200 */
  client_secret?: string;
  /** @maxLength 1000 */
  scope?: string;
};

export type OAuthToken = {
  access_token: string;
  token_type: 'Bearer';
  /** @isInt */
  expires_in: number;
  scope: string;
};

/**
 * Token of an invitation.
 * @maxLength 100
 */
export type InvitationToken = string;

export type AcceptInvitationRequest = {
  /**
   * @minLength 12
   * @maxLength 200
   */
  password: string;
};

export type AcceptedInvitation = {
  email: string;
  /** Staff need a second factor: put this into the authenticator app now, it is not shown again. */
  secondFactor: { secret: string; otpauthUrl: string } | null;
};

export type CreateCmsSessionRequest = {
  customerId: Uuid;
  installCode: InstallCodeText;
  /**
   * JWS by the controller's device key over audience, Customer ID, install code, user type, time and nonce.
   * @maxLength 4000
   */
  proof: string;
};

export type CmsSession = {
  accessToken: string;
  tokenType: 'Bearer';
  /** @isInt */
  expiresIn: number;
  customerName: string;
};

export type JsonWebKey = { kty: string; crv: string; x: string; kid: string; alg: string; use: string };
export type JsonWebKeySet = { keys: JsonWebKey[] };

export type Me = {
  kind: ActorKind;
  id: string;
  scopes: string[];
  email: string | null;
  partnerId: Uuid | null;
  role: PartnerRole | null;
  customerId: Uuid | null;
  installCode: string | null;
};

export type CreatePartnerRequest = {
  /**
   * @minLength 1
   * @maxLength 200
   * @pattern \S
   */
  name: string;
};

export type Partner = {
  partnerId: Uuid;
  name: string;
  createdAt: Instant;
  /** @isInt */
  version: number;
};

export type PartnerPage = { items: Partner[]; nextCursor: string | null };

export type InviteUserRequest = { email: EmailAddress; role: PartnerRole };

export type PartnerUser = {
  userId: Uuid;
  email: string;
  role: PartnerRole;
  status: 'invited' | 'active' | 'disabled';
  createdAt: Instant;
};

export type InvitedUser = PartnerUser & {
  /** To hand over to the user; shown once, single use. */
  invitationToken: string;
  invitationExpiresAt: Instant;
};

export type PartnerUserPage = { items: PartnerUser[]; nextCursor: string | null };

export type CreateCustomerRequest = {
  /**
   * Customer name, unique within the partner. Case and surrounding space do not count.
   * @minLength 1
   * @maxLength 100
   * @pattern \S
   * @example "P2022-0208"
   */
  name: string;
  /** Needed when staff creates a customer for a partner; a partner's own id otherwise. */
  partnerId?: Uuid;
};

export type UpdateCustomerRequest = {
  /**
   * @minLength 1
   * @maxLength 100
   * @pattern \S
   */
  name: string;
};

export type Customer = {
  customerId: Uuid;
  partnerId: Uuid;
  name: string;
  createdAt: Instant;
  /** @isInt */
  version: number;
};

/**
 * Part of a customer name, in any case.
 * @minLength 1
 * @maxLength 100
 * @example "2022"
 */
export type CustomerNamePart = string;

export type CustomerPage = { items: Customer[]; nextCursor: string | null };

export type CreateContactRequest = {
  email: EmailAddress;
  /**
   * @minLength 1
   * @maxLength 200
   * @pattern \S
   */
  name: string;
  language?: Language;
};

export type Contact = { contactId: Uuid; email: string; name: string; language: Language; createdAt: Instant };

export type ContactPage = { items: Contact[]; nextCursor: string | null };

export type CreateApiClientRequest = {
  /**
   * @minLength 1
   * @maxLength 100
   * @pattern \S
   */
  name: string;
  /**
   * @minItems 1
   * @maxItems 20
   * @uniqueItems true
   */
  scopes: string[];
  /** Needed when staff creates a client for a partner. */
  partnerId?: Uuid;
};

export type ApiClient = {
  clientId: Uuid;
  partnerId: Uuid;
  name: string;
  scopes: string[];
  status: 'active' | 'revoked';
  createdAt: Instant;
  secretCreatedAt: Instant;
};

export type ApiClientWithSecret = ApiClient & {
  /** Shown once. */
  clientSecret: string;
};

export type ApiClientPage = { items: ApiClient[]; nextCursor: string | null };
