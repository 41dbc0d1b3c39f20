import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, ApiProblem, dataOf } from '@smartserver/client';
import { generateSync } from 'otplib';
import { say } from './say.ts';

/** What Customer Success types to sign in: password, and the secret of the authenticator app. */
export type StaffLogin = { email: string; password: string; otpSecret: string };

const STEP_SECONDS = 30;

/**
 * Signs staff in. A one-time code is good once: run twice within half a minute, the demo waits for the next one.
 * @param code the first to try; the code of half a minute ago is accepted, too, and leaves the current one to whoever signs in next
 */
export async function signInStaff(api: Api, login: StaffLogin, code: 'previous' | 'current' = 'current') {
  for (let attempt = code === 'previous' ? 0 : 1; ; attempt += 1) {
    const now = Math.floor(Date.now() / 1000);
    const otp = generateSync({ secret: login.otpSecret, epoch: attempt === 0 ? now - STEP_SECONDS : now });
    try {
      const body = { email: login.email, password: login.password, otp };
      return (await dataOf(api.POST('/v1/auth/login', { body }))).accessToken;
    } catch (error) {
      const wrong = error instanceof ApiProblem && error.code === 'invalid_credentials';
      if (!wrong || attempt === 2) throw error;
      if (attempt === 0) continue;
      const seconds = STEP_SECONDS - (Math.floor(Date.now() / 1000) % STEP_SECONDS);
      say.fact(`The one-time code was used already; waiting ${seconds} s for the next one.`);
      await sleep(seconds * 1000 + 100);
    }
  }
}

/**
 * The demo's staff login: kept in a file next to the data. On a system that has none yet, an invitation made by
 * `create-staff` is accepted first.
 */
export async function staffLogin(api: Api, file: string, invitation: string | undefined): Promise<StaffLogin> {
  if (invitation) {
    // Before the invitation is used up: against a system elsewhere there may be no data folder here yet.
    mkdirSync(dirname(file), { recursive: true });
    const password = `demo-${crypto.randomUUID()}`;
    const accepted = await dataOf(
      api.POST('/v1/auth/invitations/{token}/accept', { params: { path: { token: invitation } }, body: { password } }),
    );
    if (!accepted.secondFactor) throw new Error('This invitation is not one for Customer Success.');
    const login = { email: accepted.email, password, otpSecret: accepted.secondFactor.secret };
    writeFileSync(file, JSON.stringify(login, null, 2), { mode: 0o600 });
    return login;
  }
  if (!existsSync(file)) {
    throw new Error('There is no demo login yet. Start the system with npm start, or pass --staff-invitation TOKEN.');
  }
  return JSON.parse(readFileSync(file, 'utf8')) as StaffLogin;
}
