import { Resolver } from 'node:dns/promises';
import { isAddress } from '../webhook-endpoints/target.ts';

/** All addresses of a host. @throws Error when it has none, or when name servers do not answer now */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** What says that there is no address of this family, and no trouble. */
const NONE = new Set(['ENODATA', 'ENOTFOUND']);

const LOOPBACK: readonly string[] = ['127.0.0.1', '::1'];

/**
 * DNS, asked directly: a name server that does not answer keeps no thread of the process busy, as the system's own resolver would,
 * and neither the hosts file nor search domains give names of this machine's network a meaning.
 */
export const dnsResolver = (): Resolve => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  return async (host) => {
    if (isAddress(host)) return [host];
    if (host === 'localhost') return LOOPBACK;
    const families = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = families.flatMap((family) => (family.status === 'fulfilled' ? family.value : []));
    const trouble = families.flatMap((family) => (family.status === 'rejected' ? [family.reason as unknown] : []));
    if (addresses.length > 0) return addresses;
    throw trouble.find((error) => !NONE.has((error as { code?: string }).code ?? '')) ?? trouble[0];
  };
};
