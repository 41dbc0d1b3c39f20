import { resolve } from 'node:path';
import { freePort, ManagedProcess } from '@smartserver/stack';
import type { TestSystem } from '../system/system.ts';
import { Estate, type TokenMint } from './estate.ts';
import { type Figure, figure } from './figure.ts';
import { fire, type Shot } from './fire.ts';

const SECONDS = 4;
const CONNECTIONS = 16;

/** A read through the gateway, database and all, against a bare Fastify proxy to a static reply. */
export async function readFigures(system: TestSystem, mint: TokenMint, rounds: number): Promise<Figure[]> {
  const estate = new Estate();
  await estate.fill(system.databases, 5);
  const port = await freePort();
  const proxy = new ManagedProcess({
    name: 'proxy',
    entry: resolve(import.meta.dirname, 'proxy-server.js'),
    environment: { ...process.env, PORT: String(port) },
    url: `http://127.0.0.1:${port}`,
    onLine: (line) => system.output.push(`proxy: ${line}`),
  });
  await proxy.start();
  const headers = { authorization: `Bearer ${estate.partnerToken(mint)}` };
  const license = (): Shot => ({ method: 'GET', path: `/v1/licenses/${estate.anyLicenseId}`, headers });
  const publicKeys = (): Shot => ({ method: 'GET', path: '/.well-known/jwks.json' });
  const floorShot = (): Shot => ({ method: 'GET', path: '/static' });
  const measured: { license: number; keys: number; floor: number }[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const floor = await fire(proxy.url, CONNECTIONS, SECONDS, floorShot);
      const read = await fire(system.api().baseUrl, CONNECTIONS, SECONDS, license);
      const keys = await fire(system.api().baseUrl, CONNECTIONS, SECONDS, publicKeys);
      if (round > 0) measured.push({ license: read.perSecond, keys: keys.perSecond, floor: floor.perSecond });
    }
  } finally {
    await proxy.stop();
  }
  return [
    figure(
      'read of one license through the gateway against a bare proxy to a static reply',
      '1/s',
      measured.map(({ license: ours, floor }) => ({ ours, floor })),
    ),
    figure(
      'read without a database through the gateway against a bare proxy to a static reply',
      '1/s',
      measured.map(({ keys: ours, floor }) => ({ ours, floor })),
    ),
  ];
}
