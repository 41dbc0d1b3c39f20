import { testLogger } from '@smartserver/testing';

describe('the log', () => {
  test('holds no secret, at any depth that log objects have', () => {
    const logger = testLogger();
    logger.info({
      password: 'canary',
      req: { headers: { authorization: 'canary', cookie: 'canary', 'set-cookie': 'canary' } },
      body: { user: { otp: 'canary', clientSecret: 'canary', token: 'canary' } },
      kept: 'visible',
    });
    const text = JSON.stringify(logger.lines());
    expect(text).not.toContain('canary');
    expect(text).toContain('visible');
  });

  test('shows of an error neither the parameters of its statement nor the password of an address', () => {
    const logger = testLogger();
    const error = Object.assign(new Error('connect postgres://user:canary@host/db failed'), {
      code: '23505',
      constraint: 'unique_name',
      detail: 'Key (email)=(canary) already exists',
      parameters: ['canary'],
    });
    logger.error({ err: error }, 'failed');
    const text = JSON.stringify(logger.lines());
    expect(text).not.toContain('canary');
    expect(text).toContain('23505');
    expect(text).toContain('unique_name');
  });
});
