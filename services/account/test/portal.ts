import { createHash, randomUUID } from 'node:crypto';
import type { EventEnvelope, EventPayloads, PortalChallenge, PortalCodeMessage } from '@smartserver/contracts';
import { actors, deliver, makeEvent, outboxEvents } from '@smartserver/testing';
import type { LightMyRequestResponse } from 'fastify';
import { decodeJwt } from 'jose';
import { handlers } from '../src/events.ts';
import { refreshCookieOf, startTestApp } from './harness.ts';

export const OWNER = '192.0.2.10';

/** Another address for each number. */
export const addressNumber = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

type LicenseState = Partial<EventPayloads['license.changed.1']>;

/** The service, and what customers and their partners do with it. */
export const startPortal = async () => {
  const account = await startTestApp();
  const { database } = account;

  const post = (url: string, body: object, from: string, headers: Record<string, string>) =>
    account.call({ method: 'POST', url, body, headers: { 'x-forwarded-for': from, ...headers } });
  const withCookie = (url: string, cookie: string) =>
    account.call({ method: 'POST', url, headers: { cookie: `refresh_token=${cookie}` } });

  const signIn = (licenseId: string, from = OWNER, headers = {}) =>
    post('/v1/portal/sessions', { licenseId }, from, headers);
  const ask = (email: string, from = OWNER, headers = {}) => post('/v1/portal/challenges', { email }, from, headers);
  const verify = (challengeId: string, code: string, from = OWNER, headers = {}) =>
    post(`/v1/portal/challenges/${challengeId}/verify`, { code }, from, headers);
  const refresh = (cookie: string) => withCookie('/v1/auth/refresh', cookie);
  const logout = (cookie: string) => withCookie('/v1/auth/logout', cookie);

  /** Every message to notification so far, opened as notification opens it. */
  const messages = async () => {
    const events = (await outboxEvents(database)).filter((event) => event.type === 'portal-code.requested.1');
    return (events as EventEnvelope<'portal-code.requested.1'>[]).map(({ data }) => ({
      ...data,
      ...(account.mailSeal.open(data.sealed, data.challengeId) as PortalCodeMessage),
    }));
  };
  /** The newest code that was sent to an address. */
  const codeFor = async (email: string): Promise<string> => {
    const message = (await messages()).findLast(({ recipient }) => recipient?.toLowerCase() === email.toLowerCase());
    if (message === undefined) throw new Error('nothing was sent to this address');
    return message.code;
  };
  const challenge = async (email: string, from = OWNER): Promise<string> =>
    (await ask(email, from)).json<PortalChallenge>().challengeId;
  /** Signs in by e-mail. */
  const signInByEmail = async (email: string, from = OWNER): Promise<LightMyRequestResponse> => {
    const challengeId = await challenge(email, from);
    return verify(challengeId, await codeFor(email), from);
  };

  /** What license publishes of a license; of a new one, with a customer, unless given. */
  const licenseChanged = async (state: LicenseState = {}): Promise<string> => {
    const licenseId = state.licenseId ?? randomUUID();
    const data: EventPayloads['license.changed.1'] = {
      partnerId: randomUUID(),
      customerId: randomUUID(),
      kind: 'capacity',
      deviceCount: 200,
      termYears: null,
      renews: null,
      owner: 'customer',
      standing: 'good',
      note: '',
      firstActivatedAt: null,
      version: 1,
      ...state,
      licenseId,
    };
    await deliver(database, handlers(), makeEvent('license.changed.1', data));
    return licenseId;
  };
  const inInventory = { customerId: null, owner: 'inventory' } as const;

  /** A customer of a new partner that lists the address. */
  const newAccount = async (email: string, language = 'en') => {
    const partnerId = await account.newPartner();
    const customerId = await account.newCustomer(partnerId);
    const contactId = await addContact(customerId, email, language);
    return { customerId, contactId };
  };
  const contactsOf = (customerId: string) => `/v1/customers/${customerId}/contacts`;
  const addContact = async (customerId: string, email: string, language = 'en'): Promise<string> => {
    const body = { email, name: 'Facility management', language };
    const answer = await account.as(actors.staff(), { method: 'POST', url: contactsOf(customerId), body });
    return answer.json().contactId;
  };
  const removeContact = (customerId: string, contactId: string) =>
    account.as(actors.staff(), { method: 'DELETE', url: `${contactsOf(customerId)}/${contactId}` });

  return {
    ...account,
    signIn,
    ask,
    verify,
    refresh,
    logout,
    messages,
    codeFor,
    challenge,
    signInByEmail,
    licenseChanged,
    inInventory,
    newAccount,
    addContact,
    removeContact,
  };
};

export type Portal = Awaited<ReturnType<typeof startPortal>>;

/** A code that is not this one. */
export const otherThan = (code: string, by = 1): string => String((Number(code) + by) % 1_000_000).padStart(6, '0');

/** What the access token of an answer says. */
export const claimsOf = (response: LightMyRequestResponse) => decodeJwt(response.json().accessToken);

/** The cookie of an answer that has to be a sign-in. */
export const cookieOf = (response: LightMyRequestResponse): string => {
  if (response.statusCode >= 300) throw new Error(`no sign-in: ${response.body}`);
  return refreshCookieOf(response);
};

/** Everything of an answer that could distinguish it from another one to the same request; what is random is left out. */
export const wholeAnswer = (response: LightMyRequestResponse) => {
  const { date: _date, traceparent: _trace, ...headers } = response.headers;
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  return { status: response.statusCode, headers, body: response.body.replace(uuid, (id) => 'x'.repeat(id.length)) };
};

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
