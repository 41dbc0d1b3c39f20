import { randomUUID } from 'node:crypto';
import { expectProblem, type MailSink, startMailSink, testLogger } from '@smartserver/testing';
import { Harness } from '../../test/harness.ts';
import { anna, customerA, customerB, customerChanged, jens, partnerB, testLinks } from '../../test/support.ts';
import { createSender, senderDefaults } from '../delivery/sender.ts';
import { emailLane } from '../emails/email-lane.ts';
import { smtpTransport } from '../emails/smtp.ts';

const harness = Harness.install();
const END = '2027-03-01T12:00:00.000Z';
let sink: MailSink;

beforeAll(async () => {
  sink = await startMailSink();
});
afterAll(() => sink.stop());

beforeEach(async () => {
  sink.messages.length = 0;
  harness.clock.set('2026-03-01T12:00:00.000Z');
  await harness.arrive(customerChanged({ contacts: [anna, jens] }));
  await harness.activate(1, END);
});

const sendAll = async () => {
  const transport = smtpTransport({
    url: `smtp://127.0.0.1:${sink.port}`,
    from: 'SmartServer <licenses@mail.example>',
    returnPath: 'bounces@mail.example',
    connections: 2,
    timeoutMs: 5_000,
  });
  const pace = { name: 'e-mails', perSecond: 10_000 } as const;
  const lane = emailLane({ db: harness.database.kysely, links: testLinks, transport, pace });
  const options = { ...senderDefaults, connections: 5, attemptMs: 5_000, recordMs: 5_000 };
  await createSender({ clock: harness.clock, logger: testLogger() }, [lane], options).sendDue();
  transport.close();
};

/** Path of the link in the header of the e-mail that an address got. */
const linkTo = (address: string): string => {
  const mail = sink.messages.find(({ to }) => to.includes(address));
  const header = mail?.headerLines.find((line) => line.startsWith('List-Unsubscribe:')) ?? '';
  return new URL(/<([^>]+)>/.exec(header.replace(/\s+/g, ''))?.[1] ?? '').pathname;
};

const firstNotice = async () => {
  await harness.runAt('2026-12-01T06:00:00.000Z');
  await sendAll();
};

test('a digest names the way out in its headers, for one click, and in both of its bodies; other e-mails have none', async () => {
  await firstNotice();
  const link = `https://licensing.example.com${linkTo(anna.email)}`;
  const [mail] = sink.messages.filter(({ to }) => to.includes(anna.email));
  expect(mail?.headerLines).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  expect(mail?.text).toContain(link);
  expect(mail?.html).toContain(link);
  expect(mail?.from).toBe('bounces@mail.example');
});

test.each([
  ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
  [
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--',
  ],
])('one click, sent as %s, ends it for that address and no other, however often it comes', async (type, payload) => {
  await firstNotice();
  const url = linkTo(anna.email);
  for (let i = 0; i < 3; i += 1) {
    const answer = await harness.app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('You are unsubscribed');
  }
  await harness.runAt('2026-12-31T06:00:00.000Z');
  expect((await harness.notified()).slice(2)).toEqual([['2026-12-31', jens.email, 'maintenance_expiring', [1]]]);
});

test('what waits to be sent to the address is cancelled', async () => {
  await firstNotice();
  await harness.runAt('2026-12-31T06:00:00.000Z');
  expect(await harness.outcomes()).toEqual(['sent', 'sent', 'pending', 'pending']);
  await harness.app.inject({ method: 'POST', url: linkTo(anna.email) });
  await sendAll();
  expect((await harness.outcomes()).sort()).toEqual(['cancelled', 'sent', 'sent', 'sent']);
});

test('opening the link changes nothing: mail scanners do', async () => {
  await firstNotice();
  const answer = await harness.app.inject({ url: linkTo(jens.email) });
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['content-security-policy']).not.toContain('script');
  expect(answer.body).toContain('<html lang="de">');
  await harness.runAt('2026-12-31T06:00:00.000Z');
  expect(await harness.notified()).toHaveLength(4);
});

test('who changes the mind is notified again', async () => {
  await firstNotice();
  const url = linkTo(anna.email);
  await harness.app.inject({ method: 'POST', url });
  expect((await harness.app.inject({ method: 'POST', url: `${url}/undo` })).body).toContain('Unsubscribe');
  await harness.runAt('2026-12-31T06:00:00.000Z');
  expect(await harness.notified()).toHaveLength(4);
});

test('who has had enough of one partner’s e-mails still gets those of another', async () => {
  await harness.arrive(customerChanged({ customerId: customerB, partnerId: partnerB, contacts: [anna] }));
  await harness.activate(2, END, { license: { customerId: customerB, partnerId: partnerB } });
  await firstNotice();
  await harness.app.inject({ method: 'POST', url: linkTo(anna.email) });
  await harness.runAt('2026-12-31T06:00:00.000Z');
  const later = (await harness.notified()).filter(([day]) => day === '2026-12-31').map(([, to]) => to);
  expect(later.sort()).toEqual([anna.email, jens.email]);
});

test('a link that was not made here, or of an e-mail that is no digest, leads nowhere, all alike', async () => {
  await harness.arrive(customerChanged({ customerId: customerA, version: 2 }));
  const foreign = new URL(testLinks.urlOf(randomUUID())).pathname;
  for (const url of [foreign, '/v1/unsubscriptions/x', `${foreign.slice(0, -2)}AA`]) {
    expectProblem(await harness.app.inject({ url }), 404, 'not_found');
    expectProblem(await harness.app.inject({ method: 'POST', url }), 404, 'not_found');
    expectProblem(await harness.app.inject({ method: 'POST', url: `${url}/undo` }), 404, 'not_found');
  }
});
