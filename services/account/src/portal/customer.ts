import { type Actor, CUSTOMER_SCOPES } from '@smartserver/contracts';
import type { Secrets } from '../security/secrets.ts';

/** Who signed in with a License ID: sees that license, and nothing of the account it is in. [domain.md, "Who may do what"] */
export const actorOfLicense = (licenseId: string): Actor => ({
  kind: 'customer',
  id: licenseId,
  scopes: CUSTOMER_SCOPES,
  customerIds: [],
  licenseIds: [licenseId],
});

const UUID_BYTES = 16;

/**
 * Id under which the owner of an address is remembered in histories and events, which hold no addresses: always the same one,
 * and only with the secret key can it be told whose it is. UUIDv8 (RFC 9562, 5.8).
 */
const customerIdentity = (secrets: Secrets, emailKey: string): string => {
  const bytes = Buffer.from(secrets.derive('customer', emailKey), 'base64url').subarray(0, UUID_BYTES);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/** Who signed in by e-mail. @param customerIds the accounts that list the address as a contact now */
export const actorOfAddress = (secrets: Secrets, emailKey: string, customerIds: readonly string[]): Actor => ({
  kind: 'customer',
  id: customerIdentity(secrets, emailKey),
  scopes: CUSTOMER_SCOPES,
  customerIds: customerIds,
  licenseIds: [],
});
