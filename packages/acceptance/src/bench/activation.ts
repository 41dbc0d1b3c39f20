import { resolve } from 'node:path';
import { freePort, ManagedProcess } from '@smartserver/stack';
import { until } from '../system/people.ts';
import type { TestSystem } from '../system/system.ts';
import { Estate, type TokenMint, withClient } from './estate.ts';
import { type Figure, figure } from './figure.ts';
import { type Burst, fire } from './fire.ts';

const SECONDS = 4;
/** More than two cores do in a burst, so that licenses do not run out. */
const MOST_PER_SECOND = 4_000;

/** The floor's own copy of the database, in the same PostgreSQL: the same size, the same indexes. */
async function floorDatabase(system: TestSystem): Promise<string> {
  await withClient(system.postgres.url(), (client) => client.query('create database floor'));
  const url = system.postgres.url('floor');
  const { activation } = await import('@smartserver/activation');
  const { migrate } = await import('@smartserver/service-kit');
  await migrate({ url, directories: [activation.migrations] });
  return url;
}

/** The other services work on the events of the activations meanwhile; the floor must not be measured against that work. */
async function quiet(system: TestSystem): Promise<void> {
  const waiting = (url: string) =>
    withClient(url, async (client) => {
      const text = 'select count(*)::int as n from outbox where confirmed_at is null';
      return (await client.query<{ n: number }>(text)).rows[0]?.n ?? 0;
    });
  await until(async () => (await waiting(system.databases.activation)) === 0, 'all events have arrived', 600);
}

/** Online activation through the gateway against a bare server that does the same statement and signing. */
export async function activationFigures(system: TestSystem, mint: TokenMint, rounds: number): Promise<Figure[]> {
  const perRound = SECONDS * MOST_PER_SECOND;
  const url = await floorDatabase(system);
  const figures: Figure[] = [];
  const port = await freePort();
  const keys = system.secrets.licenseKeys;
  const ours = new Estate();
  const floors = new Estate();
  const floor = new ManagedProcess({
    name: 'floor',
    entry: resolve(import.meta.dirname, 'floor-server.js'),
    environment: {
      ...process.env,
      DATABASE_URL: url,
      PORT: String(port),
      SIGNING_KEY: keys.signingKey,
      CERTIFICATE: keys.signingCertificate,
      CUSTOMER_ID: floors.customerId,
      PARTNER_ID: floors.partnerId,
      DEVICE_KEY: floors.deviceKey,
    },
    url: `http://127.0.0.1:${port}`,
    onLine: (line) => system.output.push(`floor: ${line}`),
  });
  await floor.start();
  const total = perRound * (rounds + 1) * 2;
  await ours.fill(system.databases, total);
  await floors.fill({ ...system.databases, activation: url }, total);
  const nextOurs = ours.activations(mint);
  const nextFloor = floors.activations(null);
  try {
    for (const connections of [16, 64]) {
      const measured: { ours: Burst; floor: Burst }[] = [];
      for (let round = 0; round <= rounds; round += 1) {
        const pair = {
          floor: await fire(floor.url, connections, SECONDS, nextFloor),
          ours: await fire(system.api().baseUrl, connections, SECONDS, nextOurs),
        };
        await quiet(system);
        // The first round warms up.
        if (round > 0) measured.push(pair);
      }
      const of = (name: string, unit: string, key: keyof Burst) =>
        figure(
          `activation through the gateway, ${connections} connections: ${name}`,
          unit,
          measured.map((pair) => ({ ours: pair.ours[key], floor: pair.floor[key] })),
        );
      figures.push(of('throughput', '1/s', 'perSecond'), of('p50', 'ms', 'p50'), of('p99', 'ms', 'p99'));
    }
  } finally {
    await floor.stop();
  }
  return figures;
}
