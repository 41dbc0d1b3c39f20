import { randomUUID } from 'node:crypto';
import { CUSTOMER_SCOPES, type PortalChallenge, type PortalSession } from '@smartserver/contracts';
import { createSeal } from '@smartserver/service-kit';
import { actors, dumpOf, expectProblem, outboxEvents } from '@smartserver/testing';
import { keepHouse } from '../src/housekeeping.ts';
import { newCode } from '../src/portal/portal-code.ts';
import { addressNumber, claimsOf, cookieOf, otherThan, type Portal, startPortal } from './portal-support.ts';
import { refreshCookieOf } from './support.ts';

/* Sign-in with a code that is e-mailed. */

const MINUTE = 60_000;

let portal: Portal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal.close());
// Another full hour for each test: another slot, and nobody has asked for too many.
beforeEach(() => portal.clock.advance(60 * MINUTE - (portal.clock.now().getTime() % (60 * MINUTE))));

test('the code from the e-mail signs in to every account of every partner that lists the address, and to no other', async () => {
  const [first, second] = [await portal.newAccount('anna@example.com'), await portal.newAccount('Anna@Example.com')];
  await portal.newAccount('jens@example.com');
  const asked = await portal.ask('ANNA@example.com');
  expect(asked.statusCode).toBe(202);
  const { challengeId, expiresAt } = asked.json<PortalChallenge>();
  expect(expiresAt).toBe(new Date(portal.clock.now().getTime() + 10 * MINUTE).toISOString());
  expect(asked.headers['set-cookie']).toBeUndefined();

  const response = await portal.verify(challengeId, await portal.codeFor('anna@example.com'));
  expect(response.statusCode).toBe(200);
  const { accessToken: _, ...rest } = response.json<PortalSession>();
  expect(rest).toEqual({ tokenType: 'Bearer', expiresIn: 900 });
  const claims = claimsOf(response);
  expect(claims).toMatchObject({ actor: 'customer', licenseIds: [], scope: CUSTOMER_SCOPES.join(' ') });
  expect(new Set(claims.customerIds as string[])).toEqual(new Set([first.customerId, second.customerId]));
  expect(String(response.headers['set-cookie'])).toMatch(
    /^refresh_token=[^;]+; Max-Age=43200; Path=\/v1\/auth; HttpOnly; Secure; SameSite=Strict$/,
  );
});

test('the owner of an address is always remembered by the same id, which does not tell the address', async () => {
  await portal.newAccount('same@example.com');
  const one = claimsOf(await portal.signInByEmail('same@example.com'));
  portal.clock.advance(MINUTE);
  const other = claimsOf(await portal.signInByEmail('SAME@example.com'));
  expect(one.sub).toBe(other.sub);
  expect(one.sub).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('the message to notification is sealed, in the language of the contact, and to the address that the partner wrote', async () => {
  await portal.newAccount('Jens.Mueller@Example.com', 'de');
  const { challengeId, expiresAt } = (await portal.ask('jens.mueller@example.com')).json<PortalChallenge>();
  const message = (await portal.messages()).at(-1);
  expect(message).toMatchObject({ challengeId, expiresAt, recipient: 'Jens.Mueller@Example.com', language: 'de' });
  expect(message?.code).toMatch(/^[0-9]{6}$/);
  const other = createSeal(Buffer.alloc(32, 1));
  expect(() => other.open(message?.sealed ?? '', challengeId)).toThrow();
});

test('an address that nobody knows gets the same answer and the same message, with nobody to send it to', async () => {
  await portal.newAccount('known@example.com');
  const before = (await portal.messages()).length;
  await portal.ask('known@example.com');
  await portal.ask('unknown@example.com');
  const [known, unknown] = (await portal.messages()).slice(before);
  expect(unknown).toMatchObject({ recipient: null, language: 'en', expiresAt: known?.expiresAt });
  expect(unknown?.sealed).toHaveLength(known?.sealed.length ?? 0);
});

test('even the right code of an address that nobody knows signs nobody in', async () => {
  const challengeId = await portal.challenge('nobody@example.com');
  const code = (await portal.messages()).at(-1)?.code ?? '';
  expectProblem(await portal.verify(challengeId, code), 401, 'challenge_failed');
});

describe('a code', () => {
  test('works once, also when it comes ten times at once', async () => {
    await portal.newAccount('once@example.com');
    const challengeId = await portal.challenge('once@example.com');
    const code = await portal.codeFor('once@example.com');
    const tries = Array.from({ length: 10 }, (_, n) => portal.verify(challengeId, code, addressNumber(n)));
    const statuses = (await Promise.all(tries)).map((response) => response.statusCode);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(9);
    expectProblem(await portal.verify(challengeId, code), 401, 'challenge_failed');
  });

  test('works once, also for two challenges at once that share it', async () => {
    await portal.newAccount('shared@example.com');
    const challenges = [await portal.challenge('shared@example.com'), await portal.challenge('shared@example.com')];
    const code = await portal.codeFor('shared@example.com');
    const responses = await Promise.all(challenges.map((challengeId) => portal.verify(challengeId, code)));
    expect(responses.map((response) => response.statusCode).sort()).toEqual([200, 401]);
  });

  test('is good for 10 minutes', async () => {
    await portal.newAccount('late@example.com');
    const challengeId = await portal.challenge('late@example.com');
    const code = await portal.codeFor('late@example.com');
    portal.clock.advance(10 * MINUTE - 1);
    const sibling = await portal.challenge('late@example.com');
    expectProblem(await portal.verify(sibling, code), 401, 'challenge_failed');
    portal.clock.advance(1);
    expectProblem(await portal.verify(challengeId, code), 401, 'challenge_failed');
  });

  test('still works in its last millisecond', async () => {
    await portal.newAccount('edge@example.com');
    const challengeId = await portal.challenge('edge@example.com');
    portal.clock.advance(10 * MINUTE - 1);
    expect((await portal.verify(challengeId, await portal.codeFor('edge@example.com'))).statusCode).toBe(200);
  });

  test('may be tried five times: the fifth may be right, the sixth is too late', async () => {
    await portal.newAccount('tries@example.com');
    const challengeId = await portal.challenge('tries@example.com');
    const code = await portal.codeFor('tries@example.com');
    for (let n = 1; n <= 4; n += 1) {
      expectProblem(await portal.verify(challengeId, otherThan(code, n)), 401, 'challenge_failed');
    }
    expect((await portal.verify(challengeId, code)).statusCode).toBe(200);

    portal.clock.advance(MINUTE);
    const second = await portal.challenge('tries@example.com');
    const secondCode = await portal.codeFor('tries@example.com');
    for (let n = 1; n <= 5; n += 1) await portal.verify(second, otherThan(secondCode, n), addressNumber(n));
    expectProblem(await portal.verify(second, secondCode, addressNumber(6)), 401, 'challenge_failed');
  });

  test('tried a hundred times at once is looked at five times', async () => {
    await portal.newAccount('burst@example.com');
    const challengeId = await portal.challenge('burst@example.com');
    const code = await portal.codeFor('burst@example.com');
    const wrong = (n: number) => portal.verify(challengeId, otherThan(code, n + 1), addressNumber(1_000 + n));
    await Promise.all(Array.from({ length: 100 }, (_, n) => wrong(n)));
    const [row] = await portal.database.kysely
      .selectFrom('portal_challenges')
      .select('tries')
      .where('challenge_id', '=', challengeId)
      .execute();
    expect(row?.tries).toBe(5);
    expectProblem(await portal.verify(challengeId, code), 401, 'challenge_failed');
  });

  test('of one challenge does not work for another one', async () => {
    await portal.newAccount('one@example.com');
    await portal.newAccount('another@example.com');
    const one = await portal.challenge('one@example.com');
    await portal.challenge('another@example.com');
    const code = await portal.codeFor('another@example.com');
    if (code === (await portal.codeFor('one@example.com'))) return;
    expectProblem(await portal.verify(one, code), 401, 'challenge_failed');
  });

  test('is each of the million equally likely', () => {
    const draws = 200_000;
    const counts = Array<number>(100).fill(0);
    let highest = 0;
    for (let n = 0; n < draws; n += 1) {
      const code = Number(newCode(portal.secrets, randomUUID()));
      highest = Math.max(highest, code);
      const bin = Math.floor(code / 10_000);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    const expected = draws / counts.length;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 99 degrees of freedom: more than 180 comes about once in a million times.
    expect(chiSquare).toBeLessThan(180);
    expect(highest).toBeLessThan(1_000_000);
  });
});

describe('asking again', () => {
  test('within the minute sends no second e-mail: each challenge takes the code that was sent', async () => {
    await portal.newAccount('again@example.com');
    const before = (await portal.messages()).length;
    const asked = await Promise.all(
      Array.from({ length: 8 }, (_, n) => portal.ask('again@example.com', addressNumber(n))),
    );
    expect((await portal.messages()).length).toBe(before + 1);
    const challenges = asked.map((response) => response.json<PortalChallenge>());
    expect(new Set(challenges.map(({ challengeId }) => challengeId)).size).toBe(8);
    expect(new Set(challenges.map(({ expiresAt }) => expiresAt)).size).toBe(1);
    const code = await portal.codeFor('again@example.com');
    expect((await portal.verify(challenges[7]?.challengeId ?? '', code)).statusCode).toBe(200);
  });

  test('in the next minute, or after the code was used, sends another one; a code sent before stays good', async () => {
    await portal.newAccount('next@example.com');
    const before = (await portal.messages()).length;
    const first = await portal.challenge('next@example.com');
    const firstCode = await portal.codeFor('next@example.com');
    portal.clock.advance(MINUTE);
    await portal.challenge('next@example.com');
    expect((await portal.messages()).length).toBe(before + 2);
    expect((await portal.verify(first, firstCode)).statusCode).toBe(200);
    expect((await portal.signInByEmail('next@example.com')).statusCode).toBe(200);
    expect((await portal.signInByEmail('next@example.com')).statusCode).toBe(200);
    expect((await portal.messages()).length).toBe(before + 3);
  });

  test('with the same idempotency key gives the same challenge; another address under it is another request', async () => {
    await portal.newAccount('key@example.com');
    const headers = { 'idempotency-key': randomUUID() };
    const answers = [
      await portal.ask('key@example.com', '198.51.100.1', headers),
      await portal.ask('key@example.com', '198.51.100.2', headers),
    ];
    expect(answers[1]?.body).toBe(answers[0]?.body);
    const other = await portal.ask('other@example.com', '198.51.100.1', headers);
    expect(other.json().challengeId).not.toBe(answers[0]?.json().challengeId);
  });
});

test('a verification whose answer was lost gets the same session again with its idempotency key', async () => {
  await portal.newAccount('lost@example.com');
  const challengeId = await portal.challenge('lost@example.com');
  const code = await portal.codeFor('lost@example.com');
  const headers = { 'idempotency-key': randomUUID() };
  const wrong = { 'idempotency-key': randomUUID() };
  for (let n = 0; n < 6; n += 1) {
    // Repeated, a wrong one is the same wrong one: it uses up one try.
    expectProblem(await portal.verify(challengeId, otherThan(code), addressNumber(n), wrong), 401, 'challenge_failed');
  }
  const [first, again] = [
    await portal.verify(challengeId, code, '198.51.100.1', headers),
    await portal.verify(challengeId, code, '198.51.100.2', headers),
  ];
  expect([again.statusCode, again.body]).toEqual([200, first.body]);
  expect(refreshCookieOf(again)).toBe(refreshCookieOf(first));
  expectProblem(
    await portal.verify(challengeId, otherThan(code), '198.51.100.3', headers),
    422,
    'idempotency_key_reused',
  );
});

describe('contacts change', () => {
  test('a contact that was removed before the code was typed in does not get in', async () => {
    const { customerId, contactId } = await portal.newAccount('gone@example.com');
    const challengeId = await portal.challenge('gone@example.com');
    await portal.removeContact(customerId, contactId);
    expectProblem(await portal.verify(challengeId, await portal.codeFor('gone@example.com')), 401, 'challenge_failed');
  });

  test('at each refresh a session sees the accounts that list the address then; without any it ends', async () => {
    const first = await portal.newAccount('moves@example.com');
    const signedIn = await portal.signInByEmail('moves@example.com');
    expect(claimsOf(signedIn).customerIds).toEqual([first.customerId]);
    const second = await portal.newAccount('moves@example.com');
    let response = await portal.refresh(cookieOf(signedIn));
    expect(claimsOf(response).customerIds).toEqual([second.customerId, first.customerId]);
    await portal.removeContact(first.customerId, first.contactId);
    response = await portal.refresh(cookieOf(response));
    expect(claimsOf(response).customerIds).toEqual([second.customerId]);
    await portal.removeContact(second.customerId, second.contactId);
    const cookie = cookieOf(response);
    expectProblem(await portal.refresh(cookie), 401, 'session_expired');
    await portal.addContact(second.customerId, 'moves@example.com');
    expectProblem(await portal.refresh(cookie), 401, 'session_expired');
  });

  test('a token stays short enough for a header: of more than 200 accounts it names the newest', async () => {
    const partnerId = await portal.newPartner();
    const customerIds: string[] = [];
    for (let n = 0; n < 205; n += 1) {
      const customerId = await portal.newCustomer(partnerId, `P-${n}`);
      await portal.addContact(customerId, 'many@example.com');
      customerIds.unshift(customerId);
    }
    const response = await portal.signInByEmail('many@example.com');
    expect(claimsOf(response).customerIds).toEqual(customerIds.slice(0, 200));
    expect(response.json<PortalSession>().accessToken.length).toBeLessThan(12_000);
  });
});

test('reuse of a replaced refresh token ends the session for its owner and the thief alike', async () => {
  await portal.newAccount('family@example.com');
  const stolen = cookieOf(await portal.signInByEmail('family@example.com'));
  const owned = refreshCookieOf(await portal.refresh(stolen));
  portal.clock.advance(10_001);
  expectProblem(await portal.refresh(stolen), 401, 'session_expired');
  expectProblem(await portal.refresh(owned), 401, 'session_expired');
});

test('a code is nowhere in the clear: not in the outbox, nor any other table, nor the log; nor is a stranger’s address', async () => {
  await portal.newAccount('canary@example.com');
  const asked = await portal.ask('canary@example.com', '198.51.100.9', { 'idempotency-key': randomUUID() });
  await portal.ask('stranger@example.com');
  const code = await portal.codeFor('canary@example.com');
  const traces = async () => {
    const log = JSON.stringify(portal.logger.lines());
    const dump = await dumpOf(portal.database);
    // Six digits may stand in a longer number by chance.
    return [log, dump].join('\n').match(new RegExp(`(?<![0-9a-f])${code}(?![0-9a-f])|stranger@`, 'g'));
  };
  expect(await traces()).toBeNull();
  const { challengeId } = asked.json<PortalChallenge>();
  await portal.verify(challengeId, otherThan(code), '198.51.100.9', { 'idempotency-key': randomUUID() });
  const response = await portal.verify(challengeId, code, '198.51.100.9', { 'idempotency-key': randomUUID() });
  expect(await traces()).toBeNull();
  const dump = await dumpOf(portal.database);
  expect(dump).not.toContain(cookieOf(response));
  expect(dump).not.toContain(response.json<PortalSession>().accessToken);
  const envelopes = JSON.stringify(await outboxEvents(portal.database));
  expect(envelopes).not.toMatch(/"recipient"|"code"/);
});

test('codes and challenges that are good for nothing any more are deleted', async () => {
  await portal.newAccount('old@example.com');
  await portal.challenge('old@example.com');
  const counts = async () => [
    (await portal.database.kysely.selectFrom('portal_codes').selectAll().execute()).length,
    (await portal.database.kysely.selectFrom('portal_challenges').selectAll().execute()).length,
  ];
  portal.clock.advance(10 * MINUTE - 1);
  await keepHouse(portal);
  expect(await counts()).toEqual([1, 1]);
  portal.clock.advance(1);
  await keepHouse(portal);
  expect(await counts()).toEqual([0, 0]);
});

test('what is no address, no code and no challenge is refused by name, and not repeated', async () => {
  const canary = 'canary-7f3a';
  expectProblem(await portal.ask(canary), 400, 'validation_failed');
  for (const code of [canary, '12345', '1234567', '12345a', '１２３４５６', 123456]) {
    const response = await portal.verify(randomUUID(), code as string);
    expect(expectProblem(response, 400, 'validation_failed').errors?.[0]?.pointer).toBe('/code');
    expect(response.body).not.toContain('canary');
  }
  const response = await portal.verify(canary, '123456');
  expect(expectProblem(response, 400, 'validation_failed').errors?.[0]?.pointer).toBe('path/challengeId');
});

test('a token of a customer opens nothing that belongs to partners or Customer Success', async () => {
  await portal.newAccount('scope@example.com');
  const { accessToken } = (await portal.signInByEmail('scope@example.com')).json<PortalSession>();
  const headers = { authorization: `Bearer ${accessToken}` };
  for (const url of ['/v1/customers', '/v1/partners', '/v1/api-clients']) {
    expectProblem(await portal.call({ method: 'GET', url, headers }), 403, 'scope_missing');
  }
  expect((await portal.as(actors.staff(), { method: 'GET', url: '/v1/partners' })).statusCode).toBe(200);
});
