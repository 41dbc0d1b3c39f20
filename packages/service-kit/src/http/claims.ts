import {
  type AccessTokenClaims,
  type Actor,
  normalizeInstallCode,
  PARTNER_ROLES,
  SCOPES,
  type Scope,
} from '@smartserver/contracts';

/** What an access token says about its actor, next to `sub`, which is the actor's id. */
export const actorToClaims = (actor: Actor): AccessTokenClaims => {
  const common = { actor: actor.kind, scope: actor.scopes.join(' ') };
  switch (actor.kind) {
    case 'staff':
      return common;
    case 'partner_user':
      return { ...common, partnerId: actor.partnerId, role: actor.role };
    case 'api_client':
      return { ...common, partnerId: actor.partnerId };
    case 'customer':
      return { ...common, customerIds: [...actor.customerIds], licenseIds: [...actor.licenseIds] };
    case 'cms':
      return {
        ...common,
        partnerId: actor.partnerId,
        customerId: actor.customerId,
        installCode: actor.installCode,
        deviceKey: actor.deviceKey,
      };
  }
};

/**
 * The actor of a token whose signature is verified. Scopes that this version does not know are left out.
 * @throws Error when a claim that the kind of actor needs is missing
 */
export const claimsToActor = (sub: string, claims: AccessTokenClaims): Actor => {
  const scopes = text(claims.scope, 'scope')
    .split(' ')
    .filter((scope): scope is Scope => Object.hasOwn(SCOPES, scope));
  const common = { id: text(sub, 'sub'), scopes };
  switch (claims.actor) {
    case 'staff':
      return { kind: 'staff', ...common };
    case 'partner_user': {
      const role = PARTNER_ROLES.find((known) => known === claims.role);
      if (role === undefined) throw missing('role');
      return { kind: 'partner_user', ...common, partnerId: text(claims.partnerId, 'partnerId'), role };
    }
    case 'api_client':
      return { kind: 'api_client', ...common, partnerId: text(claims.partnerId, 'partnerId') };
    case 'customer':
      return {
        kind: 'customer',
        ...common,
        customerIds: texts(claims.customerIds, 'customerIds'),
        licenseIds: texts(claims.licenseIds, 'licenseIds'),
      };
    case 'cms':
      return {
        kind: 'cms',
        ...common,
        partnerId: text(claims.partnerId, 'partnerId'),
        customerId: text(claims.customerId, 'customerId'),
        installCode: normalizeInstallCode(text(claims.installCode, 'installCode')),
        deviceKey: text(claims.deviceKey, 'deviceKey'),
      };
    default:
      throw missing('actor');
  }
};

const missing = (claim: string) => new Error(`claim ${claim} is missing or has the wrong type`);

const text = (value: unknown, claim: string): string => {
  if (typeof value !== 'string') throw missing(claim);
  return value;
};

const texts = (value: unknown, claim: string): string[] => {
  if (!Array.isArray(value)) throw missing(claim);
  return value.map((item) => text(item, claim));
};
