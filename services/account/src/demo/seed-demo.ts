import type { PartnerRole } from '@smartserver/contracts';
import { change } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { AccountConfig } from '../config.ts';
import type { AccountTables } from '../db.ts';
import { addPartner } from '../partners/partner-service.ts';
import { activateUser, findUserByEmail, insertInvitedUser } from '../users/user-store.ts';
import { type AccountDeps, openAccount } from '../wire.ts';

/** People whose passwords everybody may know: for the embedded system only. */
export type DemoAccounts = {
  staff: { email: string; password: string /** Base32. */; secondFactorSecret: string };
  partner: { name: string; admin: { email: string; password: string } };
};

const SYSTEM = { actor: { kind: 'system', id: 'demo' }, traceparent: null } as const;

type Base = ReturnType<typeof openAccount>;

/** Adds an active user, without an invitation. */
const addUser = async (
  trx: Transaction<AccountTables>,
  { clock, ids, passwords, secrets }: Base,
  user: {
    email: string;
    password: string;
    membership: { partnerId: string; role: PartnerRole } | null;
    secondFactorSecret: string | null;
  },
): Promise<void> => {
  const { email, membership, secondFactorSecret } = user;
  const userId = ids.ordered();
  const added = await insertInvitedUser(trx, { userId, email, createdAt: clock.now(), membership });
  if (added === null) return;
  const passwordHash = await passwords.hash(user.password);
  const secondFactorSealed = secondFactorSecret === null ? null : secrets.seal(Buffer.from(secondFactorSecret), userId);
  await activateUser(trx, userId, { passwordHash, secondFactorSealed });
};

/**
 * Adds a member of staff and a partner with an admin, all with known credentials; whoever is there already stays as it is.
 * Opens the migrated database by itself, before or while the service runs: its relay carries the events.
 * @throws Error in production
 */
export const seedDemo = async (config: AccountConfig, demo: DemoAccounts, deps: AccountDeps = {}): Promise<void> => {
  if (config.NODE_ENV === 'production') throw new Error('Demo accounts have well-known passwords: not in production.');
  const base = openAccount(config, deps);
  const { database } = base;
  try {
    const { staff, partner } = demo;
    await change({ database, relay: { wake: () => undefined } }, { idempotency: null }, async (trx) => {
      if ((await findUserByEmail(trx, staff.email)) === null) {
        await addUser(trx, base, { ...staff, membership: null });
      }
      if ((await findUserByEmail(trx, partner.admin.email)) === null) {
        const { partnerId } = await addPartner(trx, base, SYSTEM, partner.name);
        const membership = { partnerId, role: 'admin' } as const;
        await addUser(trx, base, { ...partner.admin, membership, secondFactorSecret: null });
      }
    });
  } finally {
    await database.close();
  }
};
