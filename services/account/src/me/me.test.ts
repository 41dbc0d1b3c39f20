import { randomUUID } from 'node:crypto';
import { actors, expectProblem } from '@smartserver/testing';
import { startTestApp, type TestApp } from '../../test/harness.ts';

let account: TestApp;
beforeAll(async () => {
  account = await startTestApp();
});
afterAll(() => account.close());

test('everybody who is signed in reads what the token says', async () => {
  const partnerId = randomUUID();
  const customerId = randomUUID();
  const installCode = '0302E1C2A8F40011';
  const nothing = { email: null, partnerId: null, role: null, customerId: null, installCode: null };
  const cases = [
    [actors.staff(), {}],
    [actors.partnerUser(partnerId, 'viewer'), { partnerId, role: 'viewer' }],
    [actors.apiClient(partnerId), { partnerId }],
    [actors.cms({ partnerId, customerId, installCode }), { partnerId, customerId, installCode }],
    [actors.customer({ customerIds: [customerId] }), {}],
  ] as const;
  for (const [actor, more] of cases) {
    const response = await account.as(actor, { method: 'GET', url: '/v1/me' });
    const { kind, id, scopes } = actor;
    expect(response.json()).toEqual({ kind, id, scopes, ...nothing, ...more });
  }
});

test('without a token the request is unauthenticated', async () => {
  expectProblem(await account.call({ method: 'GET', url: '/v1/me' }), 401, 'unauthenticated');
});
