import type { InvitedUser, InviteUserRequest, PartnerRole } from '@smartserver/contracts';
import { change, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { findPartner, findUserByEmail, lockUser } from '../model/accounts.sql.ts';
import type { Trx } from '../model/tables.ts';
import { emailKey, toPartnerUser, type UserRow } from '../model/user.ts';
import { hashOfSecret } from '../security/secrets.ts';

/** How long the token is good that a person sets the first password with. */
const INVITATION_MS = 7 * 24 * 60 * 60 * 1000;

type InviteDeps = Pick<Deps, 'database' | 'relay' | 'clock' | 'ids' | 'secrets'>;

/** Names an invitation. The token is derived from it, so that a repeated request shows it again; the database keeps its hash only. */
type IssuedInvitation = { userId: string; version: number; expiresAt: string };

const tokenOf = ({ secrets }: Pick<Deps, 'secrets'>, { userId, version }: Omit<IssuedInvitation, 'expiresAt'>) =>
  secrets.derive('invitation', userId, version);

/**
 * Invites a user of a partner. Inviting one again who has not accepted yet replaces the invitation and the role.
 * @throws partner_not_found, email_taken
 */
export const invitePartnerUser = async (
  deps: Deps,
  context: RequestContext,
  partnerId: string,
  { email, role }: InviteUserRequest,
): Promise<InvitedUser> => {
  const { user, invitation } = await change(deps, context, async (trx) => {
    await findPartner(trx, tenantOf(context.actor), partnerId);
    const invited = await invite(trx, deps, email, { partnerId, role });
    return { user: toPartnerUser({ ...invited.user, role }), invitation: invited.invitation };
  });
  return { ...user, invitationToken: tokenOf(deps, invitation), invitationExpiresAt: invitation.expiresAt };
};

/**
 * Invites a member of Customer Success: how the first one gets in. Again, as long as the invitation is not accepted.
 * @returns the token for `POST /v1/auth/invitations/{token}/accept`, good for 7 days
 * @throws email_taken
 */
export const inviteStaff = async (deps: InviteDeps, email: string): Promise<string> => {
  const work = async (trx: Trx) => (await invite(trx, deps, email, null)).invitation;
  return tokenOf(deps, await change(deps, { idempotency: null }, work));
};

type Membership = { partnerId: string; role: PartnerRole } | null;

const invite = async (
  trx: Trx,
  deps: InviteDeps,
  email: string,
  membership: Membership,
): Promise<{ user: UserRow; invitation: IssuedInvitation }> => {
  const now = deps.clock.now();
  const user =
    (await insertInvitedUser(trx, { userId: deps.ids.ordered(), email, membership, now })) ??
    (await invitedBefore(trx, email, membership));
  const userId = user.user_id;
  const before = trx.selectFrom('invitations').select('version').where('user_id', '=', userId);
  const version = ((await before.executeTakeFirst())?.version ?? 0) + 1;
  const expiresAt = new Date(now.getTime() + INVITATION_MS);
  const token_hash = hashOfSecret(tokenOf(deps, { userId, version }));
  const values = { version, token_hash, expires_at: expiresAt, used_at: null };
  await trx
    .insertInto('invitations')
    .values({ user_id: userId, ...values })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values))
    .execute();
  return { user, invitation: { userId, version, expiresAt: expiresAt.toISOString() } };
};

/** @returns undefined when the address belongs to a user already */
const insertInvitedUser = (
  trx: Trx,
  { userId, email, membership, now }: { userId: string; email: string; membership: Membership; now: Date },
): Promise<UserRow | undefined> =>
  trx
    .insertInto('users')
    .values({
      user_id: userId,
      partner_id: membership?.partnerId ?? null,
      kind: membership === null ? 'staff' : 'partner_user',
      role: membership?.role ?? null,
      email: email.trim(),
      email_key: emailKey(email),
      status: 'invited',
      created_at: now,
    })
    .onConflict((conflict) => conflict.column('email_key').doNothing())
    .returningAll()
    .executeTakeFirst();

/** The user with this address, if it may be invited again: the same kind, the same partner, not accepted yet. */
const invitedBefore = async (trx: Trx, email: string, membership: Membership): Promise<UserRow> => {
  const found = await findUserByEmail(trx, email);
  const user = found && (await lockUser(trx, found.user_id));
  const isSame = user?.partner_id === (membership?.partnerId ?? null);
  if (user?.status !== 'invited' || !isSame) throw problem('email_taken');
  if (membership === null) return user;
  await trx.updateTable('users').set({ role: membership.role }).where('user_id', '=', user.user_id).execute();
  return user;
};
