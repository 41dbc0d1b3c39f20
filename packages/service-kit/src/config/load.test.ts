import { ConfigError, loadConfig, mailSealKey, networks, serviceConfig } from './index.ts';

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

  describe('with values for development', () => {
    const spec = { ...serviceConfig, MAIL_SEAL_KEY: mailSealKey };
    const given = { MAIL_SEAL_KEY: Buffer.alloc(32, 'a').toString('base64') };
    const load = (env: NodeJS.ProcessEnv) => loadConfig({ ...GOOD, ...env }, spec);

    test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost', undefined])(
      'a service may listen on loopback (%s)',
      (HOST) => {
        expect(load({ HOST }).MAIL_SEAL_KEY).toHaveLength(32);
        expect(load({ HOST, NODE_ENV: 'test' }).MAIL_SEAL_KEY).toHaveLength(32);
      },
    );

    test.each(['0.0.0.0', '::', '192.0.2.1', '2001:db8::1', 'licenses.example', '127.0.0.1.example'])(
      'a service may not listen on %s, and without NODE_ENV that is production',
      (HOST) => {
        for (const NODE_ENV of ['development', 'test']) {
          expect(() => load({ HOST, NODE_ENV })).toThrow(
            /^MAIL_SEAL_KEY must be given to listen on more than loopback/,
          );
          expect(load({ HOST, NODE_ENV, ...given })).toMatchObject({ HOST, NODE_ENV });
        }
        expect(() => load({ HOST })).toThrow(/^MAIL_SEAL_KEY is missing$/);
        expect(load({ HOST, ...given })).toMatchObject({ HOST, NODE_ENV: 'production' });
      },
    );

    test('a service does not start in production at all', () => {
      expect(() => load({ NODE_ENV: 'production' })).toThrow('MAIL_SEAL_KEY is missing');
      expect(load({ NODE_ENV: 'production', HOST: '0.0.0.0', ...given }).NODE_ENV).toBe('production');
    });
  });

  test.each([
    ['loopback, uniquelocal', ['loopback', 'uniquelocal']],
    ['10.0.0.0/8, 2001:db8::1', ['10.0.0.0/8', '2001:db8::1']],
    ['10.0.0.0/33', null],
    ['10.1', null],
    ['everywhere', null],
    ['', null],
  ])('reads %s as networks %j', (text, expected) => {
    const load = () => loadConfig({ TRUSTED: text }, { TRUSTED: networks() }).TRUSTED;
    if (expected === null) expect(load).toThrow('TRUSTED is not valid (not a list of networks)');
    else expect(load()).toEqual(expected);
  });
});
