import { resolve } from 'node:path';
import { freePort, ManagedProcess } from '@smartserver/stack';
import type { TestSystem } from '../system/system.ts';
import { Estate, type TokenMint } from './estate.ts';
import { type Figure, figure } from './figure.ts';
import { fire, type Shot } from './fire.ts';

const SECONDS = 4;
const CONNECTIONS = 16;
const HERE = import.meta.dirname;

async function startProcess(system: TestSystem, name: string, entry: string, environment: NodeJS.ProcessEnv) {
  const port = await freePort();
  const process_ = new ManagedProcess({
    name,
    entry,
    environment: { ...process.env, ...environment, HOST: '127.0.0.1', PORT: String(port) },
    url: `http://127.0.0.1:${port}`,
    onLine: (line) => void system.output.push(`${name}: ${line}`),
  });
  await process_.start();
  return process_;
}

/**
 * Reads through the gateway (routing, token, limits, proxy) against a bare Fastify proxy (@fastify/http-proxy): both in front of the same
 * static reply; and, for what people wait for, a real read of a license with service and database behind the gateway.
 */
export async function readFigures(system: TestSystem, mint: TokenMint, rounds: number): Promise<Figure[]> {
  const estate = new Estate();
  await estate.fill(system.databases, 5);
  const upstream = await startProcess(system, 'static', resolve(HERE, 'static-server.js'), {});
  const proxy = await startProcess(system, 'proxy', resolve(HERE, 'proxy-server.js'), { UPSTREAM: upstream.url });
  const gateway = await startProcess(system, 'gateway', resolve(HERE, '../../../../services/gateway/dist/main.js'), {
    ACCOUNT_URL: upstream.url,
    LICENSE_URL: upstream.url,
    ACTIVATION_URL: upstream.url,
    NOTIFICATION_URL: upstream.url,
    JWKS_URL: mint.url,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_ADDRESS: '1000000000',
    RATE_LIMIT_PER_CREDENTIAL: '1000000000',
  });
  const headers = { authorization: `Bearer ${estate.partnerToken(mint)}` };
  const read = (): Shot => ({ method: 'GET', path: `/v1/licenses/${estate.anyLicenseId}`, headers });
  const measured: { fixed: number; real: number; floor: number }[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const floor = await fire(proxy.url, CONNECTIONS, SECONDS, read);
      const fixed = await fire(gateway.url, CONNECTIONS, SECONDS, read);
      const real = await fire(system.api().baseUrl, CONNECTIONS, SECONDS, read);
      // The first round warms up.
      if (round > 0) measured.push({ fixed: fixed.perSecond, real: real.perSecond, floor: floor.perSecond });
    }
  } finally {
    for (const one of [gateway, proxy, upstream]) await one.stop();
  }
  const against = (name: string, key: 'fixed' | 'real') =>
    figure(
      name,
      '1/s',
      measured.map((round) => ({ ours: round[key], floor: round.floor })),
    );
  return [
    against('read through the gateway, static reply behind it, against a bare proxy', 'fixed'),
    against('read of a license through the gateway, service and database behind it, against the same', 'real'),
  ];
}
