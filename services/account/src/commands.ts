import { commandConfig } from './config.ts';
import { InvitationService } from './invitations/invitation-service.ts';
import { type Rotation, rotateSigningKey } from './keys/key-service.ts';
import { type AccountDeps, openAccount } from './wire.ts';

type Base = ReturnType<typeof openAccount>;

const withDatabase = async <T>(env: NodeJS.ProcessEnv, deps: AccountDeps, work: (base: Base) => Promise<T>) => {
  const base = openAccount(commandConfig(env), deps);
  try {
    return await work(base);
  } finally {
    await base.database.close();
  }
};

/**
 * Invites a member of Customer Success: how the first one gets in. Again, as long as the invitation is not accepted.
 * @param env the environment of the service; needs DATABASE_URL and ACCOUNT_SECRET_KEY
 * @returns the token for `POST /v1/auth/invitations/{token}/accept`, good for 7 days
 * @throws ProblemError email_taken
 */
export const createStaff = (env: NodeJS.ProcessEnv, email: string, deps: AccountDeps = {}): Promise<string> =>
  withDatabase(env, deps, async (base) => {
    const invitations = new InvitationService({ ...base, relay: { wake: () => undefined } });
    return invitations.tokenOf(await invitations.inviteStaff(email));
  });

/** Begins the rotation of the token keys; see `rotateSigningKey`. @param env as for {@link createStaff} */
export const rotateTokenKeys = (env: NodeJS.ProcessEnv, deps: AccountDeps = {}): Promise<Rotation> =>
  withDatabase(env, deps, rotateSigningKey);
