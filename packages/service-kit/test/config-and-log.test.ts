import { testLogger } from '@smartserver/testing';
import { ConfigError, loadConfig, serviceConfig } from '../src/index.ts';

const GOOD = {
  PORT: '4001',
  DATABASE_URL: 'postgres://u:p@localhost/d',
  QUEUE_URL: 'redis://localhost:6379',
  JWKS_URL: 'http://localhost:4000/.well-known/jwks.json',
};

describe('configuration', () => {
  test('has safe values for what is absent, and cannot be changed', () => {
    const config = loadConfig(GOOD, serviceConfig);
    expect(config).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 4001,
      LOG_LEVEL: 'info',
      DATABASE_POOL_SIZE: 10,
      NODE_ENV: 'development',
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test.each([
    ['PORT', 'seven', 'PORT is not valid'],
    ['PORT', undefined, 'PORT is missing'],
    ['DATABASE_URL', 'mysql://root:hunter2@db/x', 'DATABASE_URL is not valid'],
    ['QUEUE_URL', 'amqp://hunter2', 'QUEUE_URL is not valid'],
    ['LOG_LEVEL', 'hunter2', 'LOG_LEVEL is none of fatal, error, warn'],
    ['NODE_ENV', 'hunter2', 'NODE_ENV is none of production'],
    ['DATABASE_POOL_SIZE', 'hunter2', 'DATABASE_POOL_SIZE is not valid'],
  ])('a bad %s (%s) stops the start with one line that names it and not its value', (name, value, message) => {
    const load = () => loadConfig({ ...GOOD, [name]: value }, serviceConfig);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(message);
    try {
      load();
    } catch (error) {
      expect(String(error)).not.toContain('hunter2');
      expect(String(error)).not.toContain('\n');
    }
  });

  test('every faulty variable is named at once', () => {
    expect(() => loadConfig({}, serviceConfig)).toThrow(/PORT.*DATABASE_URL.*QUEUE_URL.*JWKS_URL/);
  });
});

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
