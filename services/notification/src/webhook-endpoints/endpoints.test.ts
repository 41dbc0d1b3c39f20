import { randomUUID } from 'node:crypto';
import type { WebhookDelivery, WebhookEndpoint } from '@smartserver/contracts';
import { actors, dumpOf, expectProblem, makeEvent } from '@smartserver/testing';
import { partnerA, partnerB } from '../../test/support.ts';
import { seal, WebhookApi } from '../../test/webhook-api.ts';
import { projectPartners } from '../model/partner.ts';
import { openSecret } from './secret.ts';

const api = WebhookApi.install({ allowInsecure: false });
const admin = actors.partnerUser(partnerA, 'admin');
const staff = actors.staff();
const url = 'https://integrator.example/hooks';
const edit = { url, description: '', eventTypes: [], enabled: true };
const anyVersion = { 'if-match': '*' };

const get = async (endpointId: string): Promise<WebhookEndpoint> =>
  (await api.call(admin, 'GET', `/${endpointId}`)).json();

describe('an endpoint', () => {
  test('is created with a secret of Standard Webhooks, which no later answer shows', async () => {
    const created = await api.create(admin, { description: 'Warehouse', notifyEmail: 'ops@integrator.example' });
    expect(created).toMatchObject({
      partnerId: partnerA,
      url,
      status: 'enabled',
      version: 1,
      description: 'Warehouse',
    });
    expect(created.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { secret, ...rest } = created;
    expect(await get(created.endpointId)).toEqual(rest);
    const list = await api.call(admin, 'GET');
    expect(list.json()).toEqual({ items: [rest], nextCursor: null });
    expect(list.body).not.toContain(secret.slice(6));
  });

  test('is edited only on the version that was read', async () => {
    const { endpointId } = await api.create(admin);
    const path = `/${endpointId}`;
    expectProblem(await api.call(admin, 'PUT', path, { body: edit }), 428, 'precondition_required');
    const body = { ...edit, description: 'new', eventTypes: ['license.changed'] };
    const first = await api.call(admin, 'PUT', path, { body, headers: { 'if-match': '"1"' } });
    expect(first.json()).toMatchObject({ description: 'new', eventTypes: ['license.changed'], version: 2 });
    expect(first.headers.etag).toBe('"2"');
    expectProblem(
      await api.call(admin, 'PUT', path, { body, headers: { 'if-match': '"1"' } }),
      412,
      'precondition_failed',
    );
  });

  test('that is disabled gives up what is pending; enabled again it starts with a clean record', async () => {
    const { endpointId } = await api.create(admin);
    const path = `/${endpointId}`;
    const test: WebhookDelivery = (await api.call(admin, 'POST', `${path}/test`)).json();
    const disabled = await api.call(admin, 'PUT', path, { body: { ...edit, enabled: false }, headers: anyVersion });
    expect(disabled.json()).toMatchObject({ status: 'disabled', disabledReason: 'owner' });
    const delivery = await api.call(admin, 'GET', `${path}/deliveries/${test.deliveryId}`);
    expect(delivery.json()).toMatchObject({
      status: 'failed',
      failure: 'The endpoint was disabled.',
      nextAttemptAt: null,
    });
    expectProblem(await api.call(admin, 'POST', `${path}/test`), 409, 'webhook_endpoint_disabled');
    const again = `${path}/deliveries/${test.deliveryId}/redeliver`;
    expectProblem(await api.call(admin, 'POST', again), 409, 'webhook_endpoint_disabled');
    const enabled = await api.call(admin, 'PUT', path, { body: edit, headers: anyVersion });
    expect(enabled.json()).toMatchObject({ status: 'enabled', disabledReason: null });
    expect((await api.call(admin, 'POST', again)).json()).toMatchObject({
      status: 'pending',
      messageId: test.messageId,
    });
  });

  test('is deleted with its deliveries', async () => {
    const { endpointId } = await api.create(admin);
    await api.call(admin, 'POST', `/${endpointId}/test`);
    expect((await api.call(admin, 'DELETE', `/${endpointId}`)).statusCode).toBe(204);
    expectProblem(await api.call(admin, 'GET', `/${endpointId}`), 404, 'webhook_endpoint_not_found');
    expectProblem(await api.call(admin, 'DELETE', `/${endpointId}`), 404, 'webhook_endpoint_not_found');
    expect(await api.database.kysely.selectFrom('webhook_deliveries').selectAll().execute()).toEqual([]);
  });

  test('is one of at most 20 of its owner, also when all are created at once', async () => {
    const body = { url, eventTypes: [] };
    const answers = await Promise.all(Array.from({ length: 25 }, () => api.call(admin, 'POST', '', { body })));
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(20);
    for (const answer of answers.filter(({ statusCode }) => statusCode !== 201))
      expectProblem(answer, 409, 'webhook_endpoint_limit_reached');
    await api.create(actors.apiClient(partnerB));
    await api.create(staff);
  });

  test.each(['https://127.0.0.1/', 'https://2130706433/', 'https://[::ffff:10.0.0.1]/', 'http://integrator.example/'])(
    'at %s is refused, when it is created and when it is edited',
    async (target) => {
      const refused = await api.call(admin, 'POST', '', { body: { url: target, eventTypes: [] } });
      expect(expectProblem(refused, 422, 'webhook_target_refused').errors?.[0]?.pointer).toBe('/url');
      expect(refused.body).not.toContain(target);
      const { endpointId } = await api.create(admin);
      const body = { ...edit, url: target };
      const edited = await api.call(admin, 'PUT', `/${endpointId}`, { body, headers: anyVersion });
      expectProblem(edited, 422, 'webhook_target_refused');
    },
  );
});

describe('the secret', () => {
  test('is the same for a repeated request, and lies nowhere in the clear: tables, idempotency rows, log', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { url, eventTypes: [] };
    const answers = [
      await api.call(admin, 'POST', '', { body, headers }),
      await api.call(admin, 'POST', '', { body, headers }),
    ];
    expect(answers[1]?.body).toBe(answers[0]?.body);
    const [first] = answers;
    if (first === undefined) throw new Error('nothing was answered');
    const { endpointId, secret } = first.json<{ endpointId: string; secret: string }>();
    const rotation = { headers: { 'idempotency-key': randomUUID() } };
    const rotated = await api.call(admin, 'POST', `/${endpointId}/rotate-secret`, rotation);
    expect((await api.call(admin, 'POST', `/${endpointId}/rotate-secret`, rotation)).body).toBe(rotated.body);
    const secrets = [secret, (rotated.json() as { secret: string }).secret];
    expect(new Set(secrets).size).toBe(2);
    const everywhere = `${await dumpOf(api.database)}${JSON.stringify(api.logger.lines())}`;
    for (const each of secrets) {
      const text = each.slice('whsec_'.length);
      const forms = [text, Buffer.from(text, 'base64').toString('hex'), Buffer.from(text).toString('base64')];
      for (const form of forms) expect(everywhere).not.toContain(form);
    }
    // That the dump would show it: the sealed one is in it, and opens.
    const row = await api.database.kysely
      .selectFrom('webhook_endpoints')
      .select('sealed_secret')
      .where('endpoint_id', '=', endpointId)
      .executeTakeFirstOrThrow();
    expect(everywhere).toContain(row.sealed_secret);
    expect(openSecret(seal, row.sealed_secret, endpointId)).toBe(secrets[1]);
    expect(() => openSecret(seal, row.sealed_secret, randomUUID())).toThrow();
  });

  test('is replaced by a rotation, which says until when the former one signs as well', async () => {
    const { endpointId } = await api.create(admin);
    const rotated = await api.call(admin, 'POST', `/${endpointId}/rotate-secret`);
    const end = new Date(api.clock.now().getTime() + 24 * 3_600_000).toISOString();
    expect(rotated.json()).toMatchObject({ version: 2, previousSecretExpiresAt: end });
    api.clock.advance(24 * 3_600_000 + 1);
    expect(await get(endpointId)).toMatchObject({ previousSecretExpiresAt: null });
  });
});

describe('who sees which endpoints', () => {
  test('a partner its own, Customer Success all; foreign and unknown answer alike', async () => {
    const { endpointId } = await api.create(admin);
    const { endpointId: foreign } = await api.create(actors.partnerUser(partnerB, 'admin'));
    const { endpointId: vendor } = await api.create(staff);
    const ids = async (actor: typeof admin, query = '') =>
      ((await api.call(actor, 'GET', query)).json() as { items: WebhookEndpoint[] }).items.map(
        (item) => item.endpointId,
      );
    expect(await ids(admin)).toEqual([endpointId]);
    expect(await ids(admin, `?partnerId=${partnerB}`)).toEqual([]);
    expect(await ids(staff)).toEqual([endpointId, foreign, vendor]);
    expect(await ids(staff, `?partnerId=${partnerA}`)).toEqual([endpointId]);
    const delivery: WebhookDelivery = (await api.call(staff, 'POST', `/${foreign}/test`)).json();
    const ways = (id: string, of: string) =>
      [
        api.call(admin, 'GET', `/${id}`),
        api.call(admin, 'PUT', `/${id}`, { body: edit, headers: anyVersion }),
        api.call(admin, 'DELETE', `/${id}`),
        api.call(admin, 'POST', `/${id}/rotate-secret`),
        api.call(admin, 'POST', `/${id}/test`),
        api.call(admin, 'GET', `/${id}/deliveries`),
        api.call(admin, 'GET', `/${id}/deliveries/${of}`),
        api.call(admin, 'POST', `/${id}/deliveries/${of}/redeliver`),
      ] as const;
    for (const id of [foreign, vendor, randomUUID()])
      for (const answer of await Promise.all(ways(id, delivery.deliveryId)))
        expectProblem(answer, 404, 'webhook_endpoint_not_found');
    // A delivery of another endpoint is none of one's own.
    const mixed = await api.call(admin, 'GET', `/${endpointId}/deliveries/${delivery.deliveryId}`);
    expectProblem(mixed, 404, 'webhook_delivery_not_found');
  });

  test.each([
    ['a member', actors.partnerUser(partnerA, 'member')],
    ['a viewer', actors.partnerUser(partnerA, 'viewer')],
    ['a customer', actors.customer()],
  ])('%s may not ask', async (_name, actor) => {
    expectProblem(await api.call(actor, 'GET'), 403, 'scope_missing');
    expectProblem(await api.call(actor, 'POST', '', { body: { url, eventTypes: [] } }), 403, 'scope_missing');
  });

  test('a partner makes none for another one; Customer Success makes one for a partner that there is', async () => {
    const body = { url, eventTypes: [], partnerId: partnerB };
    expectProblem(await api.call(admin, 'POST', '', { body }), 404, 'partner_not_found');
    expectProblem(
      await api.call(staff, 'POST', '', { body: { ...body, partnerId: randomUUID() } }),
      404,
      'partner_not_found',
    );
    const known = makeEvent('partner.changed.1', { partnerId: partnerB, name: 'Integrator', version: 1 });
    await api.database.kysely.transaction().execute((trx) => projectPartners(trx, [known]));
    expect(await api.create(staff, { partnerId: partnerB })).toMatchObject({ partnerId: partnerB });
    expect(await api.create(staff)).toMatchObject({ partnerId: null });
  });
});

test('deliveries are listed by status, newest first, page by page, and show what was said', async () => {
  const { endpointId } = await api.create(admin);
  const sent: WebhookDelivery[] = [];
  for (let n = 0; n < 3; n += 1) sent.push((await api.call(admin, 'POST', `/${endpointId}/test`)).json());
  const page = async (query: string) =>
    (await api.call(admin, 'GET', `/${endpointId}/deliveries${query}`)).json() as {
      items: WebhookDelivery[];
      nextCursor: string;
    };
  const first = await page('?limit=2');
  const second = await page(`?limit=2&cursor=${first.nextCursor}`);
  const newestFirst = sent.map((each) => each.deliveryId).reverse();
  expect([...first.items, ...second.items].map((each) => each.deliveryId)).toEqual(newestFirst);
  expect((await page('?status=delivered')).items).toEqual([]);
  expect((await page('?status=pending')).items).toHaveLength(3);
  const whole = await api.call(admin, 'GET', `/${endpointId}/deliveries/${newestFirst[0]}`);
  const message = { type: 'test', timestamp: api.clock.now().toISOString(), data: { endpointId } };
  expect(whole.json()).toMatchObject({ eventType: 'test', message });
});
