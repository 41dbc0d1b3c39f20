import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Bits of an IPv6 address that one caller has for itself: it could take a fresh address for each request. */
export const CALLER_BITS = 64;

/** Bits that one site has, with 65,536 callers. */
export const SITE_BITS = 48;

/**
 * What counts as one address: an IPv4 address, or the leading bits of an IPv6 address as groups (`2001:db8:0:0`). IPv4 mapped into
 * IPv6 is IPv4.
 * @param ip as the connection or a trusted proxy says it; what is none comes back as it is
 * @param bits a multiple of 16
 */
export const callerNetwork = (ip: string, bits: number): string => {
  if (!isIPv6(ip)) return ip;
  const address = ipaddr.IPv6.parse(ip);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().toString();
  return address.parts
    .slice(0, bits / 16)
    .map((group) => group.toString(16))
    .join(':');
};
