import type { Problem } from '@smartserver/contracts';
import { actorWith, type Sample, startSample, THING_ID } from '../../test/sample/app.ts';

const url = `/v1/things/${THING_ID}`;

describe('an operation', () => {
  let sample: Sample;
  beforeAll(async () => {
    sample = await startSample();
  });
  afterAll(() => sample.app.close());

  const call = (authorization?: string, target = url) =>
    sample.app.inject({ url: target, headers: authorization === undefined ? {} : { authorization } });

  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic dTpw', 'Bearer a b', 'Bearer a.b.c', 'Bearer null'])(
    'answers 401 to the credential %p',
    async (authorization) => {
      const response = await call(authorization);
      expect(response.statusCode).toBe(401);
      expect(response.json<Problem>().code).toBe('unauthenticated');
      expect(response.headers['www-authenticate']).toMatch(/^Bearer/);
    },
  );

  test('answers 403 to a token without its scope, and names the scope', async () => {
    const response = await call(sample.bearer(actorWith(['customers:read'])).authorization, '/v1/things');
    expect(response.statusCode).toBe(403);
    expect(response.json<Problem>()).toMatchObject({
      code: 'scope_missing',
      detail: 'This needs the scope licenses:read.',
    });
  });

  test('that needs no scope takes any signed-in actor', async () => {
    expect((await call(sample.bearer(actorWith([])).authorization)).statusCode).toBe(200);
  });

  test('refuses an unauthenticated request before it reads the body', async () => {
    const response = await sample.app.inject({
      method: 'POST',
      url: '/v1/things',
      headers: { 'content-type': 'application/json' },
      payload: '{"broken',
    });
    expect(response.statusCode).toBe(401);
  });
});
