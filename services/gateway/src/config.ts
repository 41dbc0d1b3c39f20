import { resolve } from 'node:path';
import {
  count,
  httpAddress,
  integer,
  loadConfig,
  networks,
  origins,
  redisAddress,
  serviceConfig,
} from '@smartserver/service-kit';
import { port, str } from 'envalid';

const limit = integer({ min: 0 });

const { NODE_ENV, HOST, LOG_LEVEL } = serviceConfig;

const spec = {
  NODE_ENV,
  HOST,
  LOG_LEVEL,
  PORT: port({ default: 8080, desc: 'Port to listen on' }),
  METRICS_PORT: port({ default: undefined, desc: 'Internal port for /metrics; without it there are none' }),
  OPENAPI_FILE: str({
    default: resolve(import.meta.dirname, '../../../openapi/gateway.json'),
    desc: 'The composed document: what is in it is reachable, nothing else',
  }),
  PORTAL_DIRECTORY: str({
    default: resolve(import.meta.dirname, '../../portal/dist'),
    desc: 'The built License Customer Portal',
  }),
  CUSTOMER_SUCCESS_CONTACT: str({
    default: 'EnOcean Customer Success',
    desc: 'How to reach Customer Success, as people read it: a name, an address or a telephone number',
  }),
  ACCOUNT_URL: httpAddress({ default: undefined, desc: 'Where account answers' }),
  LICENSE_URL: httpAddress({ default: undefined, desc: 'Where license answers' }),
  ACTIVATION_URL: httpAddress({ default: undefined, desc: 'Where activation answers' }),
  NOTIFICATION_URL: httpAddress({ default: undefined, desc: 'Where notification answers' }),
  JWKS_URL: httpAddress({
    default: undefined,
    desc: 'Keys of access tokens; those of ACCOUNT_URL by default',
  }),
  REDIS_URL: redisAddress({
    default: undefined,
    desc: 'Where several gateways share their limits; without it each has its own',
  }),
  ALLOWED_ORIGINS: origins({ default: [], desc: 'Origins of foreign web pages that may call the API, by comma' }),
  TRUSTED_PROXIES: networks({ default: [], desc: 'Whose X-Forwarded-* headers count: addresses, networks, by comma' }),
  RATE_LIMIT_PER_ADDRESS: limit({ default: 6_000, desc: 'Requests a minute from one address; 0 for no limit' }),
  RATE_LIMIT_PER_CREDENTIAL: limit({ default: 3_000, desc: 'Requests a minute with one credential; 0 for no limit' }),
  RATE_LIMIT_SIGN_IN: limit({ default: 120, desc: 'Sign-in attempts a minute from one address; 0 for no limit' }),
  UPSTREAM_CONNECTIONS: count({ default: 128, desc: 'Connections to each service' }),
  UPSTREAM_TIMEOUT_MS: count({ default: 15_000, desc: 'Milliseconds that a service may be silent' }),
};

/** Configuration of the gateway. Services without an address must be given to `startGateway` in another way. */
export type GatewayConfig = ReturnType<typeof gatewayConfig>;

/** @throws ConfigError that names every faulty variable */
export const gatewayConfig = (env: NodeJS.ProcessEnv) => loadConfig(env, spec);
