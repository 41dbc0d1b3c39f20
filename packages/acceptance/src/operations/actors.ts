/** Every kind of caller there is. `client` has all scopes that an API client can have, `narrowClient` only `customers:read`. */
export const ACTORS = [
  'nobody',
  'staff',
  'admin',
  'member',
  'viewer',
  'client',
  'narrowClient',
  'customer',
  'cms',
] as const;

export type ActorName = (typeof ACTORS)[number];

/** Access tokens of one partner's people and machines, and of Customer Success; null: none. */
export type Tokens = Readonly<Record<ActorName, string | null>>;

export const NARROW_SCOPES = ['customers:read'];

/** The customer and the CMS belong to one account of the partner: another account of it is as foreign to them as anybody's. */
export const isBoundToAccount = (actor: ActorName): boolean => actor === 'customer' || actor === 'cms';
