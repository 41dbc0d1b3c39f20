import type { AcceptedInvitation, InvitedUser, InviteUserRequest } from '@smartserver/contracts';
import { type Clock, change, type Database, type Ids, problem, type RequestContext } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { AccountTables } from '../db.ts';
import { findPartner } from '../partners/partner-store.ts';
import { credentialIdempotency } from '../security/idempotency.ts';
import type { Passwords } from '../security/passwords.ts';
import { base32, otpauthUrl } from '../security/second-factor.ts';
import { hashOfSecret, type Secrets } from '../security/secrets.ts';
import { toPartnerUser, type User } from '../users/user.ts';
import {
  activateUser,
  changeRole,
  findUser,
  findUserByEmail,
  insertInvitedUser,
  lockUser,
  type NewUser,
} from '../users/user-store.ts';
import { expiryOfInvitation, invitationTokenOf } from './invitation.ts';
import { isInvitationToken, nextInvitationVersion, putInvitation, useInvitation } from './invitation-store.ts';

export type InvitationDeps = {
  database: Database<AccountTables>;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
  secrets: Secrets;
  passwords: Passwords;
};

/** Names an invitation; its token is derived from this. */
export type IssuedInvitation = { userId: string; version: number; expiresAt: string };

const SECOND_FACTOR_BYTES = 20;

/** How a person comes to a password: a single-use token that Customer Success hands over. */
export class InvitationService {
  constructor(private readonly deps: InvitationDeps) {}

  /**
   * Invites a user of a partner. Inviting one again who has not accepted yet replaces the invitation and the role.
   * @throws partner_not_found, email_taken
   */
  async invitePartnerUser(
    partnerId: string,
    request: InviteUserRequest,
    context: RequestContext,
  ): Promise<InvitedUser> {
    const { user, invitation } = await change(this.deps, context, async (trx) => {
      const partner = await findPartner(trx, context.actor, partnerId);
      if (partner === null) throw problem('partner_not_found');
      const membership = { partnerId, role: request.role };
      const invited = await this.#invite(trx, request.email, membership);
      return { user: toPartnerUser(invited.user, membership), invitation: invited.invitation };
    });
    return { ...user, invitationToken: this.tokenOf(invitation), invitationExpiresAt: invitation.expiresAt };
  }

  /**
   * Invites a member of Customer Success; again, as long as the invitation is not accepted.
   * @throws email_taken
   */
  inviteStaff(email: string): Promise<IssuedInvitation> {
    return change(this.deps, { idempotency: null }, async (trx) => (await this.#invite(trx, email, null)).invitation);
  }

  tokenOf({ userId, version }: IssuedInvitation): string {
    return invitationTokenOf(this.deps.secrets, userId, version);
  }

  /**
   * Sets the password of an invited user, once. Staff gets its second factor with that.
   * @throws invitation_not_found when the token is unknown, used, replaced or expired
   */
  async accept(
    token: string,
    password: string,
    context: Pick<RequestContext, 'idempotency'>,
  ): Promise<AcceptedInvitation> {
    const { database, secrets, passwords, clock } = this.deps;
    const tokenHash = hashOfSecret(token);
    // Hashing a password is dear: nobody gets it done without a token.
    if (!(await isInvitationToken(database.kysely, tokenHash))) throw problem('invitation_not_found');
    const passwordHash = await passwords.hash(password);
    const idempotency = credentialIdempotency(secrets, context.idempotency, `invitation:${tokenHash.toString('hex')}`);
    const { userId } = await change(this.deps, idempotency, async (trx) => {
      const userId = await useInvitation(trx, tokenHash, clock.now());
      const user = userId === null ? null : await lockUser(trx, userId);
      if (user?.status !== 'invited') throw problem('invitation_not_found');
      const secondFactorSealed = user.kind === 'staff' ? this.#newSecondFactor(user.userId) : null;
      await activateUser(trx, user.userId, { passwordHash, secondFactorSealed });
      return { userId: user.userId };
    });
    const user = await findUser(database.kysely, userId);
    if (user === null) throw problem('invitation_not_found');
    return this.#accepted(user);
  }

  async #invite(
    trx: Transaction<AccountTables>,
    email: string,
    membership: NewUser['membership'],
  ): Promise<{ user: User; invitation: IssuedInvitation }> {
    const now = this.deps.clock.now();
    const added = await insertInvitedUser(trx, { userId: this.deps.ids.ordered(), email, createdAt: now, membership });
    const user = added ?? (await this.#invitedBefore(trx, email, membership));
    const version = await nextInvitationVersion(trx, user.userId);
    const expiresAt = expiryOfInvitation(now);
    const tokenHash = hashOfSecret(invitationTokenOf(this.deps.secrets, user.userId, version));
    await putInvitation(trx, user.userId, { version, expiresAt, tokenHash });
    return { user, invitation: { userId: user.userId, version, expiresAt: expiresAt.toISOString() } };
  }

  /** The user with this address, if it may be invited again: the same kind, the same partner, not accepted yet. */
  async #invitedBefore(
    trx: Transaction<AccountTables>,
    email: string,
    membership: NewUser['membership'],
  ): Promise<User> {
    const found = await findUserByEmail(trx, email);
    const user = found && (await lockUser(trx, found.userId));
    if (user?.status !== 'invited') throw problem('email_taken');
    const partnerId = user.kind === 'staff' ? null : user.partnerId;
    if (partnerId !== (membership?.partnerId ?? null)) throw problem('email_taken');
    if (membership !== null) await changeRole(trx, user.userId, membership.role);
    return user;
  }

  #newSecondFactor(userId: string): Buffer {
    const { ids, secrets } = this.deps;
    const bytes = Buffer.from(secrets.derive('second-factor', ids.random()), 'base64url').subarray(
      0,
      SECOND_FACTOR_BYTES,
    );
    return secrets.seal(Buffer.from(base32(bytes)), userId);
  }

  #accepted(user: User): AcceptedInvitation {
    if (user.secondFactor === null) return { email: user.email, secondFactor: null };
    const secret = this.deps.secrets.open(user.secondFactor.sealed, user.userId).toString();
    return { email: user.email, secondFactor: { secret, otpauthUrl: otpauthUrl(user.email, secret) } };
  }
}
