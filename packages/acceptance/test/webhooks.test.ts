import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, dataOf } from '@smartserver/client';
import type { WebhookEndpointWithSecret } from '@smartserver/contracts';
import { dumpOf, type SunkWebhook, seededRandom } from '@smartserver/testing';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { dose } from '../src/system/dose.ts';
import { type PartnerLogin, type People, until } from '../src/system/people.ts';
import { TestSystem } from '../src/system/system.ts';

// Webhooks of the whole system: each event reaches the endpoints it concerns, at least once, whatever ends in between.

const KILLS = dose(3, 30);
const WEBHOOKS = 10;
const random = seededRandom('webhooks');
const CANARY = 'canary-of-the-address';

let system: TestSystem;
let people: People;
let api: Api;
let partner: PartnerLogin;

beforeAll(async () => {
  const environment = { WEBHOOK_TIMEOUT_SECONDS: '2', LOG_LEVEL: 'debug' };
  system = await TestSystem.start({ environment });
  people = await system.people();
  api = system.api();
  partner = await people.partner();
}, 120_000);
afterAll(() => system?.stop());
beforeEach(() => {
  system.hooks.received.length = 0;
  system.hooks.answerWith((response) => response.writeHead(204).end());
});

const endpointOf = ({ token }: { token: string }, path: string): Promise<WebhookEndpointWithSecret> =>
  dataOf(api.as(token).POST('/v1/webhook-endpoints', { body: { url: `${system.hooks.url}/${path}`, eventTypes: [] } }));

const arrivedAt = (path: string): SunkWebhook[] =>
  system.hooks.received.filter((each) => each.path.endsWith(`/${path}`));
const typesAt = (path: string): string[] =>
  arrivedAt(path).map(({ body }) => (JSON.parse(body) as { type: string }).type);
const idOf = ({ headers }: SunkWebhook): string => String(headers['webhook-id']);

test('what a partner does arrives at its endpoints and at those of Customer Success, signed, and at nobody else’s', async () => {
  const other = await people.partner();
  const endpoint = await endpointOf(partner, 'own');
  await endpointOf(other, 'other');
  await endpointOf({ token: people.staff }, 'staff');
  const { customerId } = await people.customer(partner, 1);
  const [license] = await people.order(partner.partnerId, [{ kind: 'capacity', deviceCount: 10, quantity: 1 }]);
  const body = { customerId, licenseIds: [license?.licenseId ?? ''] };
  await dataOf(api.as(partner.token).POST('/v1/transfers', { body }));
  const controller = await people.controller(customerId);
  await until(async () => (await controller.countAvailable()) === 1, 'the license arrives at activation');
  await controller.activate(body.licenseIds);
  const wanted = ['customer.changed', 'license.changed', 'licenses.transferred', 'licenses.activated'];
  const hasAll = (path: string) => wanted.every((type) => typesAt(path).includes(type));
  await until(async () => hasAll('own') && hasAll('staff'), 'all events are delivered');
  for (const { body: text, headers } of arrivedAt('own'))
    expect(new Webhook(endpoint.secret).verify(text, headers as Record<string, string>)).toBeTruthy();
  expect(arrivedAt('own').every(({ body: text }) => text.includes(partner.partnerId))).toBe(true);
  expect(arrivedAt('other').filter(({ body: text }) => text.includes(partner.partnerId))).toEqual([]);
  // The same message goes to both, under one id.
  const activatedAt = (path: string) => arrivedAt(path).filter(({ body: text }) => text.includes('licenses.activated'));
  expect(activatedAt('own').map(idOf)).toEqual(activatedAt('staff').map(idOf));
});

test(`after ${KILLS} times kill -9 in mid-delivery every webhook has arrived, and a repeat has the id of the first`, async () => {
  const { endpointId } = await endpointOf(partner, 'killed');
  const owner = api.as(partner.token);
  const params = { path: { endpointId } };
  const deliveries = async (query: { status: 'pending' | 'delivered'; limit?: number }) =>
    (await dataOf(owner.GET('/v1/webhook-endpoints/{endpointId}/deliveries', { params: { ...params, query } }))).items;
  const sent: string[] = [];
  let repeats = 0;
  for (let n = 0; n < KILLS; n += 1) {
    system.hooks.received.length = 0;
    // Taken, but never answered: the process ends while it waits.
    system.hooks.answerWith(() => undefined);
    for (let of = 0; of < WEBHOOKS; of += 1) {
      sent.push((await dataOf(owner.POST('/v1/webhook-endpoints/{endpointId}/test', { params }))).messageId);
    }
    await until(async () => arrivedAt('killed').length > 0, 'a webhook is on its way');
    await sleep(random.below(100));
    await system.process('notification').kill('SIGKILL');
    const before = arrivedAt('killed').map(idOf);
    system.hooks.answerWith((response) => response.writeHead(204).end());
    await system.process('notification').start();
    await until(async () => (await deliveries({ status: 'pending' })).length === 0, 'all are delivered', 30);
    const after = arrivedAt('killed').slice(before.length).map(idOf);
    expect(sent.slice(-WEBHOOKS).filter((id) => !after.includes(id))).toEqual([]);
    expect(before.filter((id) => !after.includes(id))).toEqual([]);
    repeats += before.length;
  }
  const items = await deliveries({ status: 'delivered', limit: 200 });
  expect(items.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(sent.slice(-200)));
  console.log(`${KILLS} kills, ${sent.length} webhooks, ${repeats} of them repeated`);
}, 600_000);

test('no secret and no address of an endpoint is in any log or queue, and no secret in the database', async () => {
  const endpoint = await endpointOf(partner, `${CANARY}?token=${CANARY}`);
  const { token } = partner;
  const rotated = await dataOf(
    api.as(token).POST('/v1/webhook-endpoints/{endpointId}/rotate-secret', {
      params: { path: { endpointId: endpoint.endpointId } },
    }),
  );
  system.hooks.answerWith((response) => response.writeHead(500).end());
  await dataOf(
    api
      .as(token)
      .POST('/v1/webhook-endpoints/{endpointId}/test', { params: { path: { endpointId: endpoint.endpointId } } }),
  );
  await people.customer(partner, 1);
  const isLogged = () => system.output.some((line) => line.includes(endpoint.endpointId));
  await until(async () => isLogged() && arrivedAt(`${CANARY}?token=${CANARY}`).length > 0, 'an attempt has failed');
  const secrets = [endpoint.secret, rotated.secret].map((secret) => secret.slice('whsec_'.length));
  const found = (text: string, words: string[]) => words.filter((word) => text.includes(word));
  expect(found(system.output.join('\n'), [...secrets, CANARY, 'whsec_'])).toEqual([]);
  const dump = async (url: string) => {
    const pool = new pg.Pool({ connectionString: url });
    try {
      return await dumpOf({ pool });
    } finally {
      await pool.end();
    }
  };
  expect(found(await dump(system.databases.queue), [...secrets, CANARY, 'whsec_'])).toEqual([]);
  const own = await dump(system.databases.notification);
  expect(found(own, [...secrets, 'whsec_'])).toEqual([]);
  expect(own).toContain(CANARY);
});
