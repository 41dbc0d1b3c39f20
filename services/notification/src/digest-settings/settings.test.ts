import { actors, expectProblem, makeEvent } from '@smartserver/testing';
import { Harness } from '../../test/harness.ts';
import { customerA, installCode, partnerA, partnerB } from '../../test/support.ts';

const harness = Harness.install();
const unknown = '5e2f6a70-8b1c-4d3e-9f40-6172839a4b5c';
const partner = actors.partnerUser(partnerA);
const defaults = {
  recipients: [],
  thresholds: [90, 60, 30, 7, 1, 0],
  expirations: true,
  renewals: true,
  language: 'en',
};

beforeEach(() =>
  harness.arrive(
    makeEvent('partner.changed.1', { partnerId: partnerA, name: 'A', version: 1 }),
    makeEvent('partner.changed.1', { partnerId: partnerB, name: 'B', version: 1 }),
  ),
);

const digests = '/v1/notification-settings';
const body = {
  recipients: ['service@integrator.example'],
  thresholds: [30],
  expirations: true,
  renewals: false,
  language: 'en',
};

test('a partner and Customer Success have their own; there are none without recipients', async () => {
  for (const [actor, partnerId] of [
    [partner, partnerA],
    [actors.staff(), null],
  ] as const) {
    expect((await harness.request(actor, 'GET', digests)).json()).toEqual({
      partnerId,
      ...defaults,
      silenced: [],
      version: 0,
    });
    expect((await harness.request(actor, 'PUT', digests, { version: 0, body })).json()).toMatchObject({
      partnerId,
      ...body,
      version: 1,
    });
  }
  expect((await harness.request(actors.staff(), 'GET', `${digests}?partnerId=${partnerA}`)).json()).toMatchObject({
    version: 1,
  });
  expect((await harness.request(actors.partnerUser(partnerB), 'GET', digests)).json()).toMatchObject({ version: 0 });
});

test('of two edits at once of one version one is refused, also where there was none before', async () => {
  for (const actor of [partner, actors.staff()]) {
    const both = await Promise.all([0, 0].map((version) => harness.request(actor, 'PUT', digests, { version, body })));
    expect(both.map((answer) => answer.statusCode).sort()).toEqual([200, 412]);
  }
});

test('a partner asking for another one’s hears what it hears of an unknown one; a CMS has none', async () => {
  for (const id of [partnerB, unknown]) {
    expectProblem(await harness.request(partner, 'GET', `${digests}?partnerId=${id}`), 404, 'partner_not_found');
  }
  expectProblem(
    await harness.request(actors.staff(), 'GET', `${digests}?partnerId=${unknown}`),
    404,
    'partner_not_found',
  );
  const cms = actors.cms({ partnerId: partnerA, customerId: customerA, installCode });
  expectProblem(await harness.request(cms, 'GET', digests), 403, 'scope_missing');
});
