import { type Actor, CUSTOMER_SCOPES } from '@smartserver/contracts';
import type { Deps } from '../deps.ts';
import { findUser } from '../model/accounts.sql.ts';
import type { SessionSubject } from '../model/session.ts';
import type { Db } from '../model/tables.ts';
import { actorOfUser } from '../model/user.ts';
import type { Secrets } from '../security/secrets.ts';

/** Who a session belongs to and what it may do, as things are now; null when its subject is gone. */
export const actorOfSubject = async (
  db: Db,
  { secrets }: Pick<Deps, 'secrets'>,
  subject: SessionSubject,
): Promise<Actor | null> => {
  switch (subject.kind) {
    case 'user': {
      const user = await findUser(db, subject.userId);
      return user?.status === 'active' ? actorOfUser(user) : null;
    }
    case 'license': {
      const license = await findSignInLicense(db, subject.licenseId);
      return license?.customerId === subject.customerId ? actorOfLicense(license.licenseId) : null;
    }
    case 'address': {
      const customerIds = await accountsOfAddress(db, subject.emailKey);
      return customerIds.length === 0 ? null : actorOfAddress(secrets, subject.emailKey, customerIds);
    }
  }
};

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
 * and only the secret key connects it with the address. UUIDv8 (RFC 9562, 5.8).
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
  customerIds,
  licenseIds: [],
});

export type SignInLicense = { licenseId: string; customerId: string };

/**
 * A license whose ID signs in: transferred to a customer, and not revoked. A suspended one does: its owner should see that it is.
 * Null for any other, unknown ones included: one statement, so that they take the same time.
 */
export const findSignInLicense = async (db: Db, licenseId: string): Promise<SignInLicense | null> => {
  const row = await db
    .selectFrom('licenses')
    .select(['license_id as licenseId', 'customer_id as customerId'])
    .where('license_id', '=', licenseId)
    .where('customer_id', 'is not', null)
    .where('standing', '<>', 'revoked')
    .$narrowType<{ customerId: string }>()
    .executeTakeFirst();
  return row ?? null;
};

/** An access token names the accounts it is for, and has to fit into a header. */
const MOST_ACCOUNTS = 200;

/** Customer IDs of the accounts that list an address as a contact, the newest contact first; of more than 200, those. */
export const accountsOfAddress = async (db: Db, key: string): Promise<string[]> => {
  const query = db.selectFrom('contacts').select('customer_id').where('email_key', '=', key);
  const rows = await query.orderBy('contact_id', 'desc').limit(MOST_ACCOUNTS).execute();
  return rows.map((row) => row.customer_id);
};
