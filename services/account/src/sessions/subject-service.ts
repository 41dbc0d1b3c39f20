import type { Actor } from '@smartserver/contracts';
import type { Kysely } from 'kysely';
import { accountsOfAddress } from '../customers/contact-store.ts';
import type { AccountTables } from '../db.ts';
import { findSignInLicense } from '../licenses/license-store.ts';
import { actorOfAddress, actorOfLicense } from '../portal/customer.ts';
import type { Secrets } from '../security/secrets.ts';
import { actorOfUser } from '../users/user.ts';
import { findUser } from '../users/user-store.ts';
import type { SessionSubject } from './session-subject.ts';

/** Who a session belongs to and what it may do, as things are now; null when it has nobody to belong to any more. */
export const actorOfSubject = async (
  db: Kysely<AccountTables>,
  secrets: Secrets,
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
