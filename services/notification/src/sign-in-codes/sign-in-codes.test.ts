import { randomUUID } from 'node:crypto';
import type { PortalCodeMessage } from '@smartserver/contracts';
import { createSeal, systemIds } from '@smartserver/service-kit';
import { deliver, dumpOf, makeEvent } from '@smartserver/testing';
import { sql } from 'kysely';
import { leaseMs, type SenderChange, SendingBench } from '../../test/sending-bench.ts';
import { allEmails, anna, jens } from '../../test/support.ts';
import type { LeasedEmail, MailTransport } from '../emails/smtp.ts';
import { renderEmail } from '../emails/template.tsx';
import { eventHandlers } from '../events.ts';
import { signInLane } from './sign-in-codes.ts';
import { signInEmail } from './sign-in-email.ts';

const bench = SendingBench.install();
beforeEach(() => sql`truncate sign_in_emails`.execute(bench.database.kysely));

const MINUTE = 60_000;
const seal = createSeal(Buffer.alloc(32, 5));
const message: PortalCodeMessage = { recipient: anna.email, language: 'en', code: '402817' };

/** A code as account asks for it: good for ten minutes. */
const requested = (change: Partial<PortalCodeMessage> = {}, sealedWith = seal) => {
  const challengeId = randomUUID();
  return makeEvent('portal-code.requested.1', {
    challengeId,
    sealed: sealedWith.seal({ ...message, ...change }, challengeId),
    expiresAt: new Date(bench.clock.now().getTime() + 10 * MINUTE).toISOString(),
  });
};
const arrive = (event: ReturnType<typeof requested>) =>
  deliver(bench.database, eventHandlers({ clock: bench.clock, ids: systemIds, mailDomain: 'mail.example' }), event);
const signIns = (transport = bench.transport(), perSecond?: number) =>
  signInLane({
    db: bench.database.kysely,
    transport,
    seal,
    mailDomain: 'mail.example',
    pace: bench.pace(perSecond),
    logger: bench.logger,
  });
const sender = ({ transport = bench.transport(), perSecond, options = {} }: SenderChange = {}) =>
  bench.sender({ transport, options, lanes: [signIns(transport, perSecond), bench.lane(transport, perSecond)] });
const waiting = () => bench.database.kysely.selectFrom('sign_in_emails').selectAll().execute();

test('a code is sent at once to the address it is for, and nothing of it is left', async () => {
  await arrive(requested());
  expect(await waiting()).toHaveLength(1);
  await sender().sendDue();
  const [mail] = bench.sink.messages;
  expect(mail?.to).toEqual([anna.email]);
  expect(mail?.subject).toBe('Your sign-in code for the License Customer Portal');
  expect(mail?.text).toContain('Your code is 402817.');
  expect(await waiting()).toEqual([]);
  await sender().sendDue();
  expect(bench.sink.messages).toHaveLength(1);
});

test.each([
  ['en', 'Your code is 402817.', 'valid for 10 minutes', '1 March 2026 at 12:10 UTC', 'If you did not ask for a code'],
  ['de', 'Ihr Code lautet 402817.', '10 Minuten gültig', '1. März 2026 um 12:10 UTC', 'keinen Code angefordert'],
] as const)('the e-mail (%s) says the code, how long it is good, and what to do if nobody asked for it', (...parts) => {
  const [language, ...facts] = parts;
  const until = new Date('2026-03-01T12:10:00Z');
  const { headline, text, html } = renderEmail(signInEmail({ code: '402817', language }, until));
  for (const fact of facts) expect(text).toContain(fact);
  const [code, ...others] = facts;
  expect(html).toMatch(new RegExp(code.replace(/(\d+)\.$/, '<span[^>]*>$1</span>')));
  for (const fact of others) expect(html).toContain(fact);
  expect(html).toContain(` lang="${language}">`);
  // Mail servers write subjects into their logs.
  expect(headline).not.toContain('402817');
});

test('neither the code nor the address is in this database or in the log, before or after sending or a refusal', async () => {
  const code = '771093';
  await arrive(requested({ code }));
  await arrive(requested({ code, recipient: jens.email }));
  const clear = async () =>
    [await dumpOf(bench.database), JSON.stringify(bench.logger.lines())].join('\n').match(/771093|anna@|jens@/g);
  expect(await clear()).toBeNull();
  bench.sink.refuseWith(451);
  await sender().sendDue();
  expect(await clear()).toBeNull();
  bench.clock.advance(MINUTE);
  bench.sink.refuseWith(null);
  await sender().sendDue();
  expect(bench.sink.messages).toHaveLength(2);
  expect(await clear()).toBeNull();
});

test('a code is not among the notifications that partners and Customer Success see', async () => {
  await arrive(requested());
  await sender().sendDue();
  expect(await allEmails(bench.database.kysely)).toEqual([]);
});

test('the same event delivered five times, twice at once, sends one e-mail', async () => {
  const event = requested();
  await Promise.all([arrive(event), arrive(event)]);
  for (let n = 0; n < 3; n += 1) await arrive(event);
  await Promise.all([sender().sendDue(), sender().sendDue()]);
  expect(bench.sink.messages).toHaveLength(1);
});

test('a code that has expired before it could be sent is not sent, and is gone', async () => {
  await arrive(requested());
  bench.clock.advance(10 * MINUTE);
  await sender().sendDue();
  expect(bench.sink.messages).toEqual([]);
  expect(await waiting()).toEqual([]);
});

test('a code is sent as long as it is good', async () => {
  await arrive(requested());
  bench.clock.advance(10 * MINUTE - 1);
  await sender().sendDue();
  expect(bench.sink.messages).toHaveLength(1);
});

test('a code that has expired on its way to this service is not even kept', async () => {
  const event = requested();
  bench.clock.advance(10 * MINUTE);
  await arrive(event);
  expect(await waiting()).toEqual([]);
});

test('for an address that nobody knows the message comes all the same, and ends without an e-mail', async () => {
  for (let n = 0; n < 12; n += 1) await arrive(requested({ recipient: null }));
  await arrive(requested());
  expect(new Set((await waiting()).map((row) => row.sealed.length)).size).toBe(1);
  await sender().sendDue();
  expect(bench.sink.messages.map(({ to }) => to)).toEqual([[anna.email]]);
  expect(await waiting()).toEqual([]);
});

test('what ends without an e-mail does not count for the e-mails per second', async () => {
  for (let n = 0; n < 12; n += 1) await arrive(requested({ recipient: null }));
  for (let n = 0; n < 3; n += 1) await arrive(requested());
  await sender({ perSecond: 5, options: { connections: 1 } }).sendDue();
  expect(bench.sink.messages).toHaveLength(3);
});

describe('priority', () => {
  test('a code goes before a hundred e-mails that are due before it', async () => {
    await bench.queueEmails(100, [jens]);
    bench.clock.advance(1_000);
    await arrive(requested());
    await sender({ options: { connections: 1 } }).sendDue();
    expect(bench.sink.messages).toHaveLength(101);
    expect(bench.sink.messages[0]?.to).toEqual([anna.email]);
  });

  test('one connection stays free for codes while other e-mails take their time', async () => {
    await bench.queueEmails(10, [jens]);
    const isCode = ({ recipient }: LeasedEmail) => recipient === anna.email;
    const inFlight: LeasedEmail[] = [];
    let cut = (_error: Error) => {};
    const cutAll = new Promise<never>((_resolve, reject) => {
      cut = reject;
    });
    const slow: MailTransport = {
      send: (email) => {
        inFlight.push(email);
        return isCode(email) ? Promise.resolve() : cutAll;
      },
      close: () => cut(Object.assign(new Error('closed'), { code: 'ECONNECTION' })),
    };
    const running = sender({ transport: slow, options: { connections: 5, drainMs: 20 } });
    running.start();
    const seen = async (count: number) => {
      while (inFlight.length < count) await new Promise((resolve) => setImmediate(resolve));
    };
    await seen(4);
    await arrive(requested());
    running.wake();
    await seen(5);
    await running.stop();
    expect(inFlight.map(isCode)).toEqual([false, false, false, false, true]);
  });

  test('other e-mails are sent with the only connection there is', async () => {
    await bench.queueEmails(3, [jens]);
    await sender({ options: { connections: 1 }, perSecond: 3 }).sendDue();
    expect(bench.sink.messages).toHaveLength(3);
  });
});

describe('failures', () => {
  test('a code that the mail server does not take now is tried again while it is good', async () => {
    await arrive(requested());
    bench.sink.refuseWith(451);
    await sender().sendDue();
    bench.sink.refuseWith(null);
    bench.clock.advance(MINUTE);
    await sender().sendDue();
    expect(bench.sink.messages).toHaveLength(1);
  });

  test('a code that is refused for good is gone', async () => {
    await arrive(requested());
    bench.sink.refuseWith(550);
    await sender().sendDue();
    expect(await waiting()).toEqual([]);
  });

  test('a crash between the server’s 250 and the record repeats the e-mail with the same Message-ID', async () => {
    await arrive(requested());
    const {
      items: [email],
    } = await signIns().lease(bench.due(1));
    if (!email) throw new Error('nothing was due');
    await bench.transport().send(email);
    bench.clock.advance(leaseMs);
    await sender().sendDue();
    expect(bench.messageIds()).toEqual([email.messageId, email.messageId]);
  });

  test('a sender that lost its lease does not remove what another one is sending', async () => {
    await arrive(requested());
    const due = bench.due(1, 0);
    const {
      items: [slow],
    } = await signIns().lease(due);
    const {
      items: [next],
    } = await signIns().lease(due);
    if (!slow || !next) throw new Error('nothing was due');
    await signIns().record(slow, { kind: 'failed', failure: 'too late' }, bench.clock.now());
    const late = { kind: 'retry', delayMs: 0, failure: 'too late', counts: true } as const;
    await signIns().record(slow, late, new Date(0));
    expect(await waiting()).toMatchObject([{ deferrals: 0, next_attempt_at: due.leaseEnd }]);
    await signIns().record(next, { kind: 'done' }, bench.clock.now());
    expect(await waiting()).toEqual([]);
  });

  test('what was sealed with another key, or is no code, is logged and keeps nobody else waiting', async () => {
    await arrive(requested({}, createSeal(Buffer.alloc(32, 6))));
    await arrive(requested({ code: 'none' }));
    bench.clock.advance(1);
    await arrive(requested());
    await sender({ options: { connections: 1 } }).sendDue();
    expect(bench.sink.messages).toHaveLength(1);
    const logged = bench.logger.lines().filter(({ msg }) => String(msg).includes('MAIL_SEAL_KEY'));
    expect(logged).toHaveLength(2);
    bench.clock.advance(10 * MINUTE);
    await sender().sendDue();
    expect(await waiting()).toEqual([]);
  });
});
