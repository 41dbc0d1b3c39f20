import { actors, testVerifier } from '@smartserver/testing';
import { allEmails, partnerA } from '../../test/support.ts';
import { admin, WebhookBench } from '../../test/webhook-bench.ts';

const bench = WebhookBench.install();

const digest = (recipients: string[]) =>
  bench.api.database.kysely
    .insertInto('digest_settings')
    .values({
      partner_id: partnerA,
      recipients,
      thresholds: [30],
      expirations: true,
      renewals: true,
      language: 'de',
      version: 1,
      told_through: '2026-03-01',
    })
    .execute();

/** An endpoint that says it is gone, and a webhook to it. */
const disable = async (body: object): Promise<string> => {
  const receiver = await bench.receiver();
  receiver.answerWith((response) => response.writeHead(410).end());
  const { endpointId } = await bench.api.create(admin, { url: `${receiver.url}/canary?key=canary`, ...body });
  await bench.send(endpointId, 3);
  await bench.sender().sendDue();
  expect(await bench.statusOf(endpointId)).toBe('disabled');
  return endpointId;
};

test('the owner of an endpoint that is disabled is notified once, by e-mail: at the endpoint’s address and at those of digests', async () => {
  await digest(['partner@integrator.example', 'OPS@integrator.example']);
  const endpointId = await disable({
    notifyEmail: 'ops@integrator.example',
    description: 'Warehouse\r\nBcc: x@y.example',
  });
  const emails = await allEmails(bench.api.database.kysely);
  expect(emails.map(({ recipient }) => recipient.toLowerCase()).sort()).toEqual([
    'ops@integrator.example',
    'partner@integrator.example',
  ]);
  for (const email of emails) {
    expect(email).toMatchObject({
      subject: 'webhook_disabled',
      partner_id: partnerA,
      language: 'de',
      outcome: 'pending',
    });
    expect(email.headline).toMatch(/^Webhooks an 127\.0\.0\.1:\d+ wurden abgeschaltet$/);
    expect(email.body_text).toContain(endpointId);
    // The address may hold a secret.
    expect(`${email.body_text}${email.body_html}`).not.toContain('canary');
    expect(email.body_text).not.toMatch(/^Bcc:/m);
  }
  const list = await bench.api.app.inject({
    url: '/v1/notifications',
    headers: { authorization: `Bearer ${testVerifier.tokenFor(admin)}` },
  });
  expect(list.json().items).toHaveLength(2);
  expect(list.json().items[0]).toMatchObject({ subject: 'webhook_disabled', partnerId: partnerA, customerId: null });
  const foreign = await bench.api.app.inject({
    url: '/v1/notifications',
    headers: { authorization: `Bearer ${testVerifier.tokenFor(actors.partnerUser())}` },
  });
  expect(foreign.json().items).toEqual([]);
});

test('without digests, and without an address at the endpoint, nobody is notified', async () => {
  await disable({});
  expect(await allEmails(bench.api.database.kysely)).toEqual([]);
});

test('one owner gets at most 20 such e-mails a day, however often it switches on again', async () => {
  const endpointId = await disable({ notifyEmail: 'victim@elsewhere.example' });
  const { url } = (await bench.api.call(admin, 'GET', `/${endpointId}`)).json<{ url: string }>();
  const body = { url, description: '', eventTypes: [], enabled: true, notifyEmail: 'victim@elsewhere.example' };
  const again = async () => {
    await bench.api.call(admin, 'PUT', `/${endpointId}`, { body, headers: { 'if-match': '*' } });
    await bench.send(endpointId);
    await bench.sender().sendDue();
    expect(await bench.statusOf(endpointId)).toBe('disabled');
  };
  for (let n = 0; n < 25; n += 1) await again();
  expect(await allEmails(bench.api.database.kysely)).toHaveLength(20);
  bench.api.clock.advance(24 * 3_600_000 + 1);
  await again();
  expect(await allEmails(bench.api.database.kysely)).toHaveLength(21);
}, 60_000);
