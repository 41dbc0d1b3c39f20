import type { PartnerRole, Scope } from './scopes.ts';

/** Who calls, as the access token says it. Every service derives its tenant filter from this alone. */
export type Actor =
  | { kind: 'staff'; id: string; scopes: readonly Scope[] }
  | { kind: 'partner_user'; id: string; scopes: readonly Scope[]; partnerId: string; role: PartnerRole }
  | { kind: 'api_client'; id: string; scopes: readonly Scope[]; partnerId: string }
  | {
      kind: 'customer';
      id: string;
      scopes: readonly Scope[];
      /** Accounts that list the customer's e-mail address as a contact. */
      customerIds: readonly string[];
      /** The license whose ID was the login. */
      licenseIds: readonly string[];
    }
  | {
      kind: 'cms';
      id: string;
      scopes: readonly Scope[];
      partnerId: string;
      customerId: string;
      installCode: string;
      /** RFC 7638 thumbprint of the device key that proved itself for this session. */
      deviceKey: string;
    };

export type ActorKind = Actor['kind'];

/** Who did it, as kept in events and histories. Never a name or an address: those belong to account. */
export type ActorReference = { kind: ActorKind | 'system'; id: string };

/** Access tokens: JWS, EdDSA, typ `at+jwt` (RFC 9068). */
export const ACCESS_TOKEN = {
  issuer: 'smartserver-license-management',
  audience: 'smartserver-license-api',
  type: 'at+jwt',
  algorithm: 'EdDSA',
} as const;

/** Claims of an access token next to the registered ones (iss, aud, sub, iat, exp, jti). */
export type AccessTokenClaims = {
  actor: ActorKind;
  /** Space separated, RFC 8693. */
  scope: string;
  partnerId?: string;
  role?: PartnerRole;
  customerId?: string;
  customerIds?: string[];
  licenseIds?: string[];
  installCode?: string;
  deviceKey?: string;
};
