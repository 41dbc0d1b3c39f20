import ipaddr from 'ipaddr.js';

/** What is wrong with where a webhook is to go, in words for its owner; null: nothing. */
export type Fault = string | null;

export type TargetRules = {
  /** WEBHOOKS_ALLOW_INSECURE_TARGETS, for development: http, and receivers on this machine's loopback interface. */
  allowInsecure: boolean;
};

/** Of all IPv6 addresses only these are given out to be reached from everywhere (IANA). What embeds IPv4 otherwise is outside. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Public by number, but answered by the cloud's own host (Azure): it tells machines about themselves. */
const METADATA = new Set(['168.63.129.16']);

/**
 * Whether an address is one that everybody can reach. Whatever is private, loopback, link-local, of a carrier's NAT, multicast,
 * reserved, or an IPv6 form that leads to an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo) is not. [guarantees.md 23]
 */
const isPublic = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean => {
  if (address.range() !== 'unicast' || METADATA.has(address.toString())) return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
};

/** @param text an address as the resolver or a URL gives it, without brackets */
export const addressFault = (text: string, { allowInsecure }: TargetRules): Fault => {
  if (!ipaddr.isValid(text)) return 'The host has no valid address.';
  const address = ipaddr.parse(text);
  if (isPublic(address) || (allowInsecure && address.range() === 'loopback')) return null;
  return 'The host has an address that is not public.';
};

/** Names that no public DNS gives out (RFC 6761, 6762, 8375, 9476 and custom). */
const LOCAL_NAMES =
  /^[^.]*$|\.(localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|onion|alt)$/;

/** The host as connectors want it: IPv6 without brackets, names without the dot at the end. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');

export const isAddress = (host: string): boolean => ipaddr.isValid(host);

/**
 * What can be checked without DNS, which changes: at every attempt the addresses are looked at as well. The parser of URLs has turned
 * hosts in decimal, octal and hexadecimal into dotted ones by then.
 */
export const urlFault = (text: string, rules: TargetRules): Fault => {
  if (!URL.canParse(text)) return 'It is not a URL.';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && rules.allowInsecure)) return 'It must be https.';
  if (url.username !== '' || url.password !== '') return 'Credentials do not belong into the address.';
  // The ports below 1024 are those of mail servers, shells and the like, which must not be talked to in their own words.
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (port !== 443 && port < 1024 && !(rules.allowInsecure && port === 80))
    return 'The port must be 443 or from 1024 on.';
  const host = hostOf(url);
  if (isAddress(host)) return addressFault(host, rules);
  if (host === 'localhost') return rules.allowInsecure ? null : 'The host is not public.';
  return LOCAL_NAMES.test(host) ? 'The host is not public.' : null;
};
