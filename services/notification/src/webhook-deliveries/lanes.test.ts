import { dumpOf, type SunkWebhook, startWebhookSink } from '@smartserver/testing';
import { Webhook } from 'standardwebhooks';
import { admin, WebhookBench } from '../../test/webhook-bench.ts';
import { pruneDeliveries } from './prune.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const bench = WebhookBench.install();

// The verifier knows the time of this machine only.
beforeEach(() => bench.api.clock.set(new Date().toISOString()));

const headersOf = ({ headers }: SunkWebhook) => headers as Record<string, string>;
const isVerifiedBy = (secret: string, webhook: SunkWebhook): boolean => {
  try {
    new Webhook(secret).verify(webhook.body, headersOf(webhook));
    return true;
  } catch {
    return false;
  }
};

test('a webhook arrives signed as Standard Webhooks say, and is recorded as delivered', async () => {
  const receiver = await bench.receiver();
  const { endpointId, secret } = await bench.endpoint(`${receiver.url}?key=1`);
  const [sent] = await bench.send(endpointId);
  await bench.sender().sendDue();
  const [webhook] = receiver.received;
  if (webhook === undefined) throw new Error('nothing arrived');
  expect(webhook.path).toBe('/hooks?key=1');
  expect(webhook.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': sent?.messageId });
  expect(isVerifiedBy(secret, webhook)).toBe(true);
  expect(isVerifiedBy(secret, { ...webhook, body: `${webhook.body} ` })).toBe(false);
  expect(JSON.parse(webhook.body)).toMatchObject({ type: 'test', data: { endpointId } });
  const [delivery] = await bench.deliveries(endpointId);
  expect(delivery).toMatchObject({ status: 'delivered', attempts: 1, responseStatus: 204, failure: null });
});

test('after a rotation both secrets verify for a day, then only the new one', async () => {
  const receiver = await bench.receiver();
  const { endpointId, secret: former } = await bench.endpoint(receiver.url);
  const rotated = await bench.api.call(admin, 'POST', `/${endpointId}/rotate-secret`);
  const { secret: present } = rotated.json<{ secret: string }>();
  await bench.send(endpointId);
  await bench.sender().sendDue();
  const [during] = receiver.received;
  if (during === undefined) throw new Error('nothing arrived');
  expect(headersOf(during)['webhook-signature']?.split(' ')).toHaveLength(2);
  expect([isVerifiedBy(present, during), isVerifiedBy(former, during)]).toEqual([true, true]);
  // A day later; the verifier only knows the time of this machine.
  const past = new Date(bench.api.clock.now().getTime() - day - 1);
  await bench.api.database.kysely.updateTable('webhook_endpoints').set({ previous_secret_expires_at: past }).execute();
  await bench.send(endpointId);
  await bench.sender().sendDue();
  const [, after] = receiver.received;
  if (after === undefined) throw new Error('nothing arrived');
  expect([isVerifiedBy(present, after), isVerifiedBy(former, after)]).toEqual([true, false]);
});

describe('what fails', () => {
  test.each([
    [500, 'The receiver answered 500.'],
    [404, 'The receiver answered 404.'],
    [301, 'The receiver answered 301: redirects are not followed.'],
  ])('with %i is tried again after 5 seconds, then minutes, under the same id', async (status, failure) => {
    const receiver = await bench.receiver();
    receiver.answerWith((response) => response.writeHead(status, { location: receiver.url }).end());
    const { endpointId } = await bench.endpoint(receiver.url);
    await bench.send(endpointId);
    await bench.sender().sendDue();
    expect(await bench.statusOf(endpointId)).toBe('failing');
    bench.api.clock.advance(4_000);
    await bench.sender().sendDue();
    expect(receiver.received).toHaveLength(1);
    bench.api.clock.advance(2_000);
    await bench.sender().sendDue();
    expect(receiver.received).toHaveLength(2);
    const [delivery] = await bench.deliveries(endpointId);
    expect(delivery).toMatchObject({ status: 'pending', attempts: 2, responseStatus: status, failure });
    receiver.answerWith((response) => response.writeHead(200).end('ok'));
    bench.api.clock.advance(6 * minute);
    await bench.sender().sendDue();
    expect(await bench.deliveries(endpointId)).toMatchObject([{ status: 'delivered', attempts: 3, failure: null }]);
    expect(await bench.statusOf(endpointId)).toBe('enabled');
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('for three days has failed after ten attempts; asked for again it goes out once more, under the same id', async () => {
    const receiver = await bench.receiver();
    receiver.answerWith((response) => response.writeHead(500).end());
    const { endpointId } = await bench.endpoint(receiver.url);
    const [sent] = await bench.send(endpointId);
    const sender = bench.sender();
    await sender.sendDue();
    await bench.live(3 * day, 10 * minute, sender);
    expect(receiver.received).toHaveLength(10);
    expect(await bench.deliveries(endpointId)).toMatchObject([{ status: 'failed', attempts: 10, nextAttemptAt: null }]);
    receiver.answerWith((response) => response.writeHead(204).end());
    await bench.api.call(admin, 'POST', `/${endpointId}/deliveries/${sent?.deliveryId}/redeliver`);
    await sender.sendDue();
    expect(await bench.deliveries(endpointId)).toMatchObject([{ status: 'delivered', attempts: 11 }]);
    expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(sent?.messageId);
  });

  test('waits as long as the receiver asks for', async () => {
    const receiver = await bench.receiver();
    receiver.answerWith((response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    const { endpointId } = await bench.endpoint(receiver.url);
    await bench.send(endpointId);
    const sender = bench.sender();
    await sender.sendDue();
    await bench.live(59 * minute, minute, sender);
    expect(receiver.received).toHaveLength(1);
    await bench.live(2 * minute, minute, sender);
    expect(receiver.received).toHaveLength(2);
  });
});

describe('an endpoint is disabled', () => {
  test('that answers 410 Gone, at once; what else is pending is given up', async () => {
    const receiver = await bench.receiver();
    receiver.answerWith((response) => response.writeHead(410).end());
    const { endpointId } = await bench.endpoint(receiver.url);
    await bench.send(endpointId, 3);
    await bench.sender({ perEndpoint: 1 }).sendDue();
    expect(receiver.received).toHaveLength(1);
    const endpoint = (await bench.api.call(admin, 'GET', `/${endpointId}`)).json();
    expect(endpoint).toMatchObject({ status: 'disabled', disabledReason: 'gone', version: 2 });
    expect((await bench.deliveries(endpointId)).map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
  });

  test('at which nothing has arrived for five days and 20 attempts, and not before', async () => {
    const receiver = await bench.receiver();
    receiver.answerWith((response) => response.writeHead(500).end());
    const { endpointId } = await bench.endpoint(receiver.url);
    const sender = bench.sender();
    await bench.send(endpointId, 2);
    await sender.sendDue();
    await bench.live(4 * day, 2 * hour, sender);
    expect(receiver.received).toHaveLength(20);
    expect(await bench.statusOf(endpointId)).toBe('failing');
    await bench.live(day + 2 * hour, 2 * hour, sender);
    await bench.send(endpointId);
    await sender.sendDue();
    const endpoint = (await bench.api.call(admin, 'GET', `/${endpointId}`)).json();
    expect(endpoint).toMatchObject({ status: 'disabled', disabledReason: 'failing' });
    await bench.live(day, 2 * hour, sender);
    expect(receiver.received).toHaveLength(21);
  });
});

test('a receiver that is down for a day loses nothing: every webhook arrives once it is back', async () => {
  const receiver = await bench.receiver();
  const { port } = receiver;
  const { endpointId } = await bench.endpoint(receiver.url);
  await receiver.stop();
  const sender = bench.sender();
  const ids: string[] = [];
  for (let n = 0; n < 24; n += 1) {
    const sent = await bench.send(endpointId, 5);
    ids.push(...sent.map(({ messageId }) => messageId));
    await bench.live(hour, 10 * minute, sender);
  }
  expect(await bench.statusOf(endpointId)).toBe('failing');
  const back = await startWebhookSink({ port });
  bench.sinks.push(back);
  await bench.live(2 * day, 10 * minute, sender);
  expect(back.received.map(({ headers }) => headers['webhook-id']).sort()).toEqual(ids.sort());
  expect(new Set((await bench.deliveries(endpointId)).map(({ status }) => status))).toEqual(new Set(['delivered']));
}, 60_000);

describe('a crash', () => {
  test('in mid-delivery repeats the webhook under the same id, and only after the lease', async () => {
    const receiver = await bench.receiver();
    const { endpointId } = await bench.endpoint(receiver.url);
    const [sent] = await bench.send(endpointId);
    const leased = await bench.lanes()[0]?.lease(bench.due(9, minute));
    expect(leased?.items).toHaveLength(1);
    await bench.sender().sendDue();
    expect(receiver.received).toEqual([]);
    bench.api.clock.advance(minute);
    await bench.sender().sendDue();
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([sent?.messageId]);
  });

  test('of the database after the answer does not repeat it: recording goes on until it succeeds', async () => {
    const receiver = await bench.receiver();
    const { endpointId } = await bench.endpoint(receiver.url);
    await bench.send(endpointId);
    let failures = 3;
    const flaky = bench.lanes().map((lane): typeof lane => ({
      ...lane,
      record: (webhook, verdict, at) => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new Error('the database is away')) : lane.record(webhook, verdict, at);
      },
    }));
    await bench.sender({ lanes: flaky }).sendDue();
    expect(await bench.deliveries(endpointId)).toMatchObject([{ status: 'delivered', attempts: 1 }]);
    expect(receiver.received).toHaveLength(1);
  });
});

test('what is over is kept for 30 days, what is pending as long as it takes', async () => {
  const receiver = await bench.receiver();
  const { endpointId } = await bench.endpoint(receiver.url);
  await bench.send(endpointId, 2);
  await bench.sender().sendDue();
  await bench.send(endpointId);
  const { database, clock } = bench.api;
  clock.advance(30 * day - minute);
  await pruneDeliveries({ database, clock });
  expect(await bench.deliveries(endpointId)).toHaveLength(3);
  clock.advance(2 * minute);
  await pruneDeliveries({ database, clock });
  expect((await bench.deliveries(endpointId)).map(({ status }) => status)).toEqual(['pending']);
  expect(await database.kysely.selectFrom('webhook_messages').selectAll().execute()).toHaveLength(1);
});

test('the log says nothing of addresses, secrets, signatures and bodies, also where things fail', async () => {
  const receiver = await bench.receiver();
  receiver.answerWith((response) => response.writeHead(500).end('canary-of-the-receiver'));
  const { endpointId, secret } = await bench.endpoint(`${receiver.url}/canary-of-the-address`);
  await bench.send(endpointId);
  await bench.sender().sendDue();
  const everything = JSON.stringify(bench.api.logger.lines());
  const hidden = ['canary', secret.slice(6), 'v1,', '"data"'];
  expect(hidden.filter((text) => everything.includes(text))).toEqual([]);
  expect(await dumpOf(bench.api.database)).not.toContain('canary-of-the-receiver');
});
