import type { Actor, Notification, NotificationPage } from '@smartserver/contracts';
import { actors, expectProblem, makeEvent } from '@smartserver/testing';
import { Harness, licenseId } from '../../test/harness.ts';
import {
  anna,
  customerA,
  customerB,
  customerChanged,
  installCode,
  jens,
  licenseChanged,
  partnerA,
  partnerB,
} from '../../test/support.ts';

const harness = Harness.install();

const clara = { email: 'clara@example.net', name: 'Clara', language: 'en' as const };
const ofB = { license: { customerId: customerB, partnerId: partnerB } };

beforeEach(async () => {
  harness.clock.set('2026-03-01T12:00:00.000Z');
  await harness.arrive(
    makeEvent('partner.changed.1', { partnerId: partnerA, name: 'Integrator', version: 1 }),
    makeEvent('partner.changed.1', { partnerId: partnerB, name: 'Other', version: 1 }),
    customerChanged({ contacts: [anna] }),
    customerChanged({ customerId: customerB, partnerId: partnerB, name: 'Other Tower', contacts: [clara] }),
  );
});

const get = (actor: Actor, query = '') => harness.request(actor, 'GET', `/v1/notifications?outcome=scheduled${query}`);

const page = async (actor: Actor, query = ''): Promise<NotificationPage> => {
  const response = await get(actor, query);
  expect(response.statusCode).toBe(200);
  return response.json();
};

const list = async (actor: Actor, query = '') => (await page(actor, query)).items;

/** Day, recipient and license of each. */
const brief = (items: Notification[]) =>
  items.map(({ dueAt, recipient, licenseId: id }) => [dueAt.slice(0, 10), recipient, Number(id?.slice(-12))]);

const putSettings = (actor: Actor, path: string, body: object) =>
  harness.request(actor, 'PUT', path, {
    version: '*',
    body: { recipients: [], thresholds: [90, 30], expirations: true, renewals: true, language: 'en', ...body },
  });

const digest = async (actor: Actor, body: object): Promise<void> => {
  expect((await putSettings(actor, '/v1/notification-settings', body)).statusCode).toBe(200);
};

describe('what is scheduled', () => {
  test('says what, to whom and when', async () => {
    await harness.activate(1, '2027-03-01T12:00:00.000Z');
    expect(await list(actors.partnerUser(partnerA))).toEqual([
      {
        notificationId: null,
        subject: 'maintenance_expiring',
        partnerId: partnerA,
        customerId: customerA,
        licenseId: licenseId(1),
        dueAt: '2026-12-01T06:00:00.000Z',
        recipient: anna.email,
        outcome: 'scheduled',
        failure: null,
        createdAt: null,
        sentAt: null,
      },
    ]);
  });

  test('comes true: what the list says today is what the runs of the coming days notify', async () => {
    await harness.arrive(customerChanged({ contacts: [anna, jens], version: 2 }));
    await harness.activate(1, '2026-03-15T12:00:00.000Z');
    await harness.activate(2, '2026-05-30T23:59:59.000Z');
    await harness.activate(3, '2026-06-02T00:00:00.000Z', ofB);
    await harness.activate(4, '2026-04-30T12:00:00.000Z');
    await digest(actors.partnerUser(partnerA), {
      recipients: ['service@integrator.example', anna.email],
      thresholds: [45, 14],
    });
    await digest(actors.staff(), { recipients: ['success@vendor.example'], thresholds: [80, 10, 0] });
    const planned = brief(await list(actors.staff())).map(([day, to, license]) => `${to} ${license}: ${day}`);
    expect(planned).toHaveLength(17);

    for (let day = 1; day <= 100; day += 1) {
      await harness.runAt(new Date(Date.UTC(2026, 2, day, 13)).toISOString());
    }
    const notified = (await harness.notified()).flatMap(([day, to, , licenses]) =>
      (licenses as number[]).map((license) => `${to} ${license}: ${day}`),
    );
    expect(planned.filter((entry) => !notified.includes(entry))).toEqual([]);
  });

  test('is the soonest first, and never what was notified already', async () => {
    await harness.activate(1, '2026-04-15T12:00:00.000Z');
    await harness.activate(2, '2026-03-31T12:00:00.000Z');
    const actor = actors.partnerUser(partnerA);
    expect(brief(await list(actor))).toEqual([
      ['2026-03-01', anna.email, 2],
      ['2026-03-16', anna.email, 1],
    ]);
    await harness.run();
    expect(brief(await list(actor))).toEqual([
      ['2026-03-16', anna.email, 1],
      ['2026-03-24', anna.email, 2],
    ]);
    // Settings that are saved again have the day looked at again; nobody is notified twice.
    await digest(actor, { recipients: [anna.email], thresholds: [30] });
    expect(brief(await list(actor))).not.toContainEqual(['2026-03-01', anna.email, 2]);
  });

  test('is nothing of what is returned, revoked, renewed, switched off or silenced', async () => {
    const actor = actors.partnerUser(partnerA);
    await harness.activate(1, '2026-04-15T12:00:00.000Z');
    await harness.activate(2, '2026-04-16T12:00:00.000Z');
    await digest(actor, { recipients: ['service@integrator.example'] });
    expect(await list(actor)).toHaveLength(4);
    await harness.arrive(licenseChanged({ licenseId: licenseId(1), standing: 'revoked', version: 2 }));
    expect(brief(await list(actor)).map(([, , license]) => license)).toEqual([2, 2]);
    await harness.activate(3, '2027-04-16T12:00:00.000Z', { license: { renews: licenseId(2) } });
    expect(brief(await list(actor)).map(([, , license]) => license)).toEqual([3, 3]);
    const path = `/v1/customers/${customerA}/notification-settings`;
    await putSettings(actor, path, { contacts: true, expirations: false });
    expect(brief(await list(actor)).map(([, to]) => to)).toEqual(['service@integrator.example']);
    await digest(actor, { recipients: [] });
    expect(await list(actor)).toEqual([]);
  });
});

describe('whose is scheduled', () => {
  beforeEach(async () => {
    await harness.activate(1, '2026-04-15T12:00:00.000Z');
    await harness.activate(2, '2026-04-15T12:00:00.000Z', ofB);
    await digest(actors.partnerUser(partnerA), { recipients: ['service@integrator.example'] });
    await digest(actors.partnerUser(partnerB), { recipients: ['office@other.example'] });
    await digest(actors.staff(), { recipients: ['success@vendor.example'] });
  });
  const readers = async (actor: Actor, query = '') =>
    (await list(actor, query)).map(({ recipient }) => recipient).toSorted();

  test('a partner sees those of its accounts and of its digests, and none of others', async () => {
    expect(await readers(actors.partnerUser(partnerA))).toEqual([anna.email, 'service@integrator.example']);
    expect(await readers(actors.apiClient(partnerB))).toEqual([clara.email, 'office@other.example']);
  });

  test('a CMS Owner sees those of the own account, not who at the partner reads digests', async () => {
    const owner = actors.cms({ partnerId: partnerA, customerId: customerA, installCode });
    expect(await readers(owner)).toEqual([anna.email]);
    expect(await readers(owner, `&customerId=${customerB}`)).toEqual([]);
  });

  test('Customer Success sees those of everybody', async () => {
    expect(await readers(actors.staff())).toHaveLength(6);
    const staff = (await list(actors.staff(), `&customerId=${customerB}`)).filter(
      ({ partnerId }) => partnerId === null,
    );
    expect(staff.map(({ recipient }) => recipient)).toEqual(['success@vendor.example']);
  });

  test('even with the scope, a customer would see nothing', async () => {
    const customer = { ...actors.customer({ customerIds: [customerA] }), scopes: ['notifications:read'] as const };
    expect(await list(customer)).toEqual([]);
  });

  test('a foreign account answers as an unknown one', async () => {
    const actor = actors.partnerUser(partnerA);
    const foreign = await get(actor, `&customerId=${customerB}`);
    const unknown = await get(actor, '&customerId=5e2f6a70-8b1c-4d3e-9f40-6172839a4b5c');
    expect(foreign.json()).toEqual({ items: [], nextCursor: null });
    expect(foreign.body).toBe(unknown.body);
  });

  test('a digest about one account only is no e-mail of that account, so its Owner does not see who reads it', async () => {
    await harness.runAt('2026-03-16T07:00:00.000Z');
    const owner = actors.cms({ partnerId: partnerA, customerId: customerA, installCode });
    const { items } = (await harness.request(owner, 'GET', '/v1/notifications')).json<NotificationPage>();
    expect((await harness.emails()).map(({ recipient }) => recipient)).toContain('success@vendor.example');
    expect(items.map(({ recipient }) => recipient)).toEqual([anna.email]);
  });
});

describe('the pages', () => {
  test('have each notice once, in order, whatever their size, also when what is before the cursor has gone meanwhile', async () => {
    await harness.arrive(customerChanged({ contacts: [anna, jens], version: 2 }));
    // More than one round reads, many of them on one day.
    for (let n = 1; n <= 205; n += 1) {
      await harness.activate(n, `2026-0${n <= 150 ? 5 : 6}-15T12:00:00.000Z`);
    }
    await digest(actors.partnerUser(partnerA), { recipients: ['service@integrator.example'], thresholds: [60, 3] });
    const actor = actors.partnerUser(partnerA);
    const walk = async (limit: number): Promise<Notification[]> => {
      const items: Notification[] = [];
      let cursor = '';
      do {
        const { items: found, nextCursor } = await page(actor, `&limit=${limit}${cursor}`);
        items.push(...found);
        cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
      } while (cursor !== '');
      return items;
    };
    const whole = await walk(200);
    expect(whole).toHaveLength(615);
    const keys = whole.map(({ dueAt, licenseId: id, recipient }) => `${dueAt} ${id} ${recipient}`);
    expect(new Set(keys).size).toBe(615);
    expect(keys).toEqual(keys.toSorted());
    expect(await walk(37)).toEqual(whole);

    const first = await page(actor, '&limit=4');
    const gone = first.items[0]?.licenseId as string;
    await harness.arrive(licenseChanged({ licenseId: gone, standing: 'revoked', version: 2 }));
    const second = await page(actor, `&limit=4&cursor=${first.nextCursor}`);
    expect(second.items).toEqual(whole.slice(4, 8));
  });

  test.each(['2026-02-31', '2026-13-01', '0000-01-01', 'infinity'])(
    'a made-up cursor of the day %s is refused',
    async (day) => {
      const cursor = Buffer.from(`${day} ${licenseId(1)} anna@example.com`).toString('base64url');
      expectProblem(await get(actors.staff(), `&cursor=${cursor}`), 400, 'validation_failed');
    },
  );
});
