/**
 * Scopes: what a token may do. Each operation names the one it needs (`@Security('oauth2', [...])`), each kind of actor gets
 * the list below. [domain.md, "Who may do what"]
 */
export const SCOPES = {
  'partners:read': 'See partners and their users',
  'partners:write': 'Create partners and invite their users',
  'customers:read': 'See customers/projects and their contacts',
  'customers:write': 'Create and edit customers/projects and their contacts',
  'api-clients:read': 'See API clients',
  'api-clients:write': 'Create, rotate and revoke API clients',
  'orders:write': 'Add purchases to a partner’s inventory',
  'licenses:read': 'See licenses and their history',
  'licenses:write': 'Transfer, take back, split and annotate licenses',
  'licenses:control': 'Suspend, reinstate and revoke licenses',
  'controllers:read': 'See controllers, their licenses and license documents',
  'controllers:write': 'Register and describe controllers',
  'controllers:control': 'Reset the device key of a controller',
  'activations:write': 'Activate licenses on a controller and return them',
  'offline-activations:read': 'See offline activation files and download them again',
  'offline-activations:write': 'Create offline activation files and hand in return receipts',
  'notifications:read': 'See notification settings, and what was sent to whom with which outcome',
  'notifications:write': 'Edit notification settings',
  'webhooks:read': 'See webhook endpoints and their deliveries',
  'webhooks:write': 'Create, edit and rotate webhook endpoints, and send again',
  'releases:read': 'See the catalogue of releases',
  'releases:write': 'Edit the catalogue of releases',
} as const;

export type Scope = keyof typeof SCOPES;

/** Roles of a partner's user: `admin` also manages API clients and webhooks, `viewer` only reads. */
export const PARTNER_ROLES = ['admin', 'member', 'viewer'] as const;
export type PartnerRole = (typeof PARTNER_ROLES)[number];

const VIEWER: readonly Scope[] = [
  'customers:read',
  'licenses:read',
  'controllers:read',
  'offline-activations:read',
  'notifications:read',
  'releases:read',
];
const MEMBER: readonly Scope[] = [
  ...VIEWER,
  'customers:write',
  'licenses:write',
  'controllers:write',
  'notifications:write',
];

export const PARTNER_SCOPES: Readonly<Record<PartnerRole, readonly Scope[]>> = {
  viewer: VIEWER,
  member: MEMBER,
  admin: [...MEMBER, 'api-clients:read', 'api-clients:write', 'webhooks:read', 'webhooks:write'],
};

/** What an API client of a partner may be given: never the right to make further clients. */
export const API_CLIENT_SCOPES: readonly Scope[] = [...MEMBER, 'webhooks:read', 'webhooks:write'];

/** Customer Success: everything of every partner; activating is the CMS Owner's alone. */
export const STAFF_SCOPES: readonly Scope[] = (Object.keys(SCOPES) as Scope[]).filter((s) => s !== 'activations:write');

export const CMS_SCOPES: readonly Scope[] = [
  'controllers:read',
  'controllers:write',
  'activations:write',
  'notifications:read',
  'notifications:write',
  'releases:read',
];

/** A customer licenses an offline SmartServer alone: it makes the file, and hands the receipt of a return in. */
export const CUSTOMER_SCOPES: readonly Scope[] = [
  'licenses:read',
  'offline-activations:read',
  'offline-activations:write',
  'releases:read',
];
