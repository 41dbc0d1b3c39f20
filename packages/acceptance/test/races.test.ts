import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem } from '@smartserver/client';
import type { ActivationsResult } from '@smartserver/contracts';
import { seededRandom } from '@smartserver/testing';
import { Client } from 'pg';
import type { Controller } from '../src/system/controller.ts';
import { dose } from '../src/system/dose.ts';
import { insist } from '../src/system/load.ts';
import type { People } from '../src/system/people.ts';
import { TestSystem } from '../src/system/system.ts';

// Guarantees 1, 5 and 6, with real processes: two of each service, each pair behind a gateway of its own.

let system: TestSystem;
let people: People;
const random = seededRandom('races');

beforeAll(async () => {
  system = await TestSystem.start({ replicas: 2 });
  people = await system.people();
}, 120_000);

afterAll(() => system?.stop());

const outcome = async (attempt: Promise<ActivationsResult>): Promise<ActivationsResult | string> => {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof ApiProblem) return error.code;
    throw error;
  }
};

const openActivations = async (licenseId: string): Promise<number> => {
  const client = new Client({ connectionString: system.databases.activation });
  await client.connect();
  try {
    const text = 'select count(*)::int as n from activations where license_id = $1 and returned_at is null';
    return (await client.query<{ n: number }>(text, [licenseId])).rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
};

test('of 50 controllers that activate one license at once through two processes, exactly one wins and 49 are refused because it is in use', async () => {
  const rounds = dose(10, 200);
  const partner = await people.partner();
  const { customerId } = await people.customer(partner);
  const licenses = await people.assignedLicenses(partner, customerId, rounds);
  const controllers: Controller[] = [];
  for (let n = 0; n < 50; n += 1) {
    const controller = await people.controller(customerId);
    controllers.push(n % 2 ? controller.through(system.api(1)) : controller);
  }
  for (const { licenseId } of licenses) {
    const outcomes = await Promise.all(controllers.map((controller) => outcome(controller.activate([licenseId]))));
    const winners = outcomes.filter((result) => typeof result !== 'string');
    const losers = outcomes.filter((result) => result === 'license_in_use');
    expect({ winners: winners.length, losers: losers.length }).toEqual({ winners: 1, losers: 49 });
    expect(await openActivations(licenseId)).toBe(1);
  }
}, 600_000);

test('a device that retries 50 times at once, without a key of its own, has one activation and gets the same answer each time', async () => {
  const rounds = dose(5, 20);
  const partner = await people.partner();
  const { customerId } = await people.customer(partner);
  const licenses = await people.assignedLicenses(partner, customerId, rounds);
  const first = await people.controller(customerId);
  const second = first.through(system.api(1));
  for (const { licenseId } of licenses) {
    const attempts = Array.from({ length: 50 }, (_, n) => (n % 2 ? first : second).activate([licenseId]));
    const bodies = new Set((await Promise.all(attempts)).map((answer) => JSON.stringify(answer)));
    expect(bodies.size).toBe(1);
    expect(await openActivations(licenseId)).toBe(1);
  }
}, 600_000);

test('one idempotency key used 100 times at once through two gateways has one effect and one answer', async () => {
  const keys = dose(5, 500);
  const partner = await people.partner();
  const { customerId } = await people.customer(partner);
  const licenses = await people.assignedLicenses(partner, customerId, keys);
  const first = await people.controller(customerId);
  const second = first.through(system.api(1));
  for (const { licenseId } of licenses) {
    const key = `key-${licenseId}`;
    const attempts = Array.from({ length: 100 }, (_, n) => (n % 2 ? first : second).activate([licenseId], key));
    const bodies = new Set((await Promise.all(attempts)).map((answer) => JSON.stringify(answer)));
    expect(bodies.size).toBe(1);
  }
  const [one, other] = licenses;
  if (!one || !other) throw new Error('Two licenses are needed.');
  expect(await outcome(first.activate([other.licenseId], `key-${one.licenseId}`))).toBe('idempotency_key_reused');

  // Another controller's same key is another key.
  const [spare] = await people.assignedLicenses(partner, customerId, 1);
  if (!spare) throw new Error('A license is needed.');
  const stranger = await people.controller(customerId);
  expect(await outcome(stranger.activate([spare.licenseId], `key-${one.licenseId}`))).toMatchObject({
    activations: [{ licenseId: spare.licenseId }],
  });
}, 1_800_000);

test('idempotency keys used 100 times at once while a service is killed have one effect and one answer each', async () => {
  const keys = dose(3, 100);
  const partner = await people.partner();
  const { customerId } = await people.customer(partner);
  const licenses = await people.assignedLicenses(partner, customerId, keys);
  const first = await people.controller(customerId);
  const second = first.through(system.api(1));
  for (const { licenseId } of licenses) {
    const key = `key-${licenseId}`;
    const attempts = Array.from({ length: 100 }, (_, n) =>
      insist(() => (n % 2 ? first : second).activate([licenseId], key)),
    );
    const killed = system.process(random.pick(['activation', 'activation-2']));
    await sleep(random.below(100));
    await killed.kill('SIGKILL');
    await killed.start();
    const bodies = new Set((await Promise.all(attempts)).map((answer) => JSON.stringify(answer)));
    expect(bodies.size).toBe(1);
    expect(await openActivations(licenseId)).toBe(1);
  }
}, 1_800_000);
