import { type Api, ApiProblem, dataOf } from '@smartserver/client';
import type { LicenseChange } from '@smartserver/contracts';
import { announcedSeed } from '@smartserver/testing';
import fc from 'fast-check';
import type { Controller } from '../src/system/controller.ts';
import { dose } from '../src/system/dose.ts';
import { linearize, type Operation } from '../src/system/linearizable.ts';
import { type PartnerLogin, type People, until } from '../src/system/people.ts';
import { TestSystem } from '../src/system/system.ts';

// Guarantee 1 under random concurrency. The checker reads nothing but the public API.

let system: TestSystem;
let people: People;

beforeAll(async () => {
  system = await TestSystem.start({ replicas: 2 });
  people = await system.people();
}, 120_000);

afterAll(() => system?.stop());

type Kind = 'activate' | 'return' | 'transfer' | 'take-back' | 'split' | 'suspend' | 'reinstate';
type Step = { kind: Kind; license: number; controller: number; gateway: number };
type Op = { kind: Kind; controller: number };

const kinds: Kind[] = [
  'activate',
  'activate',
  'activate',
  'return',
  'return',
  'transfer',
  'take-back',
  'split',
  'suspend',
  'reinstate',
];
const LICENSES = 3;
const CONTROLLERS = 3;
const DEVICES = 64;
/** An access token does not last as long as the long dose. */
const SIGN_IN_AGAIN_MS = 600_000;

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    license: fc.nat(LICENSES - 1),
    controller: fc.nat(CONTROLLERS - 1),
    gateway: fc.nat(1),
  }),
  { minLength: 4, maxLength: 14 },
);

/** Rule 4 for one license, as far as acknowledged moves show: `inventory`, `assigned`, or the number of the controller it is on. */
const move = (place: string, { kind, controller }: Op): string | null => {
  const here = `on ${controller}`;
  switch (kind) {
    case 'activate':
      return place === 'assigned' || place === here ? here : null;
    case 'return':
      // A return that had happened before is answered again; somewhere else it would have been refused.
      return place === here || !place.startsWith('on ') ? (place === here ? 'assigned' : place) : place;
    case 'take-back':
      return place === 'assigned' ? 'inventory' : null;
    case 'transfer':
      return place === 'inventory' ? 'assigned' : null;
    case 'split':
      return place.startsWith('on ') ? null : place;
    default:
      return place;
  }
};

class Arena {
  readonly licenseIds: string[];
  readonly controllers: Controller[];
  readonly histories: Operation<Op>[][];
  readonly customerId: string;
  readonly partner: PartnerLogin;

  private constructor(partner: PartnerLogin, customerId: string, licenseIds: string[], controllers: Controller[]) {
    this.partner = partner;
    this.customerId = customerId;
    this.licenseIds = licenseIds;
    this.controllers = controllers;
    this.histories = licenseIds.map(() => []);
  }

  static async make(
    partner: PartnerLogin,
    controllersOf: (customerId: string) => Promise<Controller[]>,
  ): Promise<Arena> {
    const { customerId } = await people.customer(partner);
    const licenses = await people.assignedLicenses(partner, customerId, LICENSES, DEVICES);
    return new Arena(
      partner,
      customerId,
      licenses.map((license) => license.licenseId),
      await controllersOf(customerId),
    );
  }

  async run({ kind, license, controller, gateway }: Step): Promise<void> {
    const start = performance.now();
    const done = await this.send(system.api(gateway), kind, this.licenseIds[license] ?? '', controller);
    if (done) this.histories[license]?.push({ op: { kind, controller }, start, end: performance.now() });
  }

  /** Whether it was acknowledged. A refusal changes nothing, so it says nothing about the order of things. */
  private async send(api: Api, kind: Kind, licenseId: string, index: number): Promise<boolean> {
    const token = kind === 'suspend' || kind === 'reinstate' ? people.staff : this.partner.token;
    const params = { path: { licenseId } };
    const device = this.controllers[index]?.through(api);
    try {
      if (kind === 'activate') await device?.activate([licenseId]);
      else if (kind === 'return') await device?.return([licenseId]);
      else if (kind === 'transfer')
        await dataOf(
          api.as(token).POST('/v1/transfers', { body: { customerId: this.customerId, licenseIds: [licenseId] } }),
        );
      else if (kind === 'suspend' || kind === 'reinstate') {
        const request = { params, body: { reason: 'random schedule' } };
        await dataOf(api.as(token).POST(`/v1/licenses/{licenseId}/${kind}`, request));
      } else {
        const split = async () => ({ params, body: { deviceCounts: await this.halves(api, licenseId) } });
        const change =
          kind === 'split'
            ? await dataOf(api.as(token).POST('/v1/licenses/{licenseId}/split', await split()))
            : await dataOf(api.as(token).POST('/v1/licenses/{licenseId}/take-back', { params }));
        return await this.completed(api, change);
      }
      return true;
    } catch (error) {
      if (error instanceof ApiProblem && error.status < 500) return false;
      throw error;
    }
  }

  private async halves(api: Api, licenseId: string): Promise<number[]> {
    const { deviceCount } = await dataOf(
      api.as(this.partner.token).GET('/v1/licenses/{licenseId}', { params: { path: { licenseId } } }),
    );
    const half = Math.floor(deviceCount / 2);
    return [deviceCount - half, half];
  }

  private async completed(api: Api, change: LicenseChange): Promise<boolean> {
    let current = change;
    await until(async () => {
      if (current.status === 'pending')
        current = await dataOf(
          api
            .as(this.partner.token)
            .GET('/v1/license-changes/{changeId}', { params: { path: { changeId: change.changeId } } }),
        );
      return current.status !== 'pending';
    }, 'a pending change ends');
    return current.status === 'completed';
  }

  /** Both views agree once all messages have arrived: what the partner sees, and what each controller has. */
  async check(): Promise<void> {
    const all = async () =>
      (
        await dataOf(
          system
            .api()
            .as(this.partner.token)
            .GET('/v1/licenses', { params: { query: { customerId: this.customerId, limit: 200 } } }),
        )
      ).items;
    const inventory = async () =>
      (
        await dataOf(
          system
            .api()
            .as(this.partner.token)
            .GET('/v1/licenses', { params: { query: { place: 'inventory', limit: 200 } } }),
        )
      ).items;
    const onControllers = async () =>
      new Map(
        (
          await Promise.all(
            this.controllers.map(async (controller, n) => (await controller.licenses()).map((id) => [id, n] as const)),
          )
        ).flat(),
      );
    for (const [index, licenseId] of this.licenseIds.entries()) {
      const finals = linearize(this.histories[index] ?? [], 'assigned', move, String);
      expect({ licenseId, linearizable: finals.length > 0 }).toEqual({ licenseId, linearizable: true });
      const where = await onControllers();
      const place = where.has(licenseId) ? [`on ${where.get(licenseId)}`] : ['assigned', 'inventory'];
      expect(finals.some((final) => place.includes(final))).toBe(true);
      await until(async () => {
        const seen = [...(await all()), ...(await inventory())].find((license) => license.licenseId === licenseId);
        const expected = where.has(licenseId) ? 'controller' : finals.includes('inventory') ? 'inventory' : 'customer';
        return seen?.place === expected;
      }, `the partner sees license ${licenseId} where it is`);
    }
    const mine = new Set(this.licenseIds);
    const parts = [...(await all()), ...(await inventory())];
    const total = parts.reduce((sum, license) => sum + license.deviceCount, 0);
    expect({ total, kept: parts.filter((license) => mine.has(license.licenseId)).length }).toEqual({
      total: LICENSES * DEVICES,
      kept: LICENSES,
    });
  }
}

test('random schedules of activate, return, transfer, take-back, split and suspend never put a license in two places, and devices add up', async () => {
  const seed = announcedSeed('schedules');
  let signedInAt = Date.now();
  let moves = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (schedule) => {
      if (Date.now() - signedInAt > SIGN_IN_AGAIN_MS) {
        people = await system.people();
        signedInAt = Date.now();
      }
      moves += schedule.length;
      const arena = await Arena.make(await people.partner(), (customerId) =>
        Promise.all(Array.from({ length: CONTROLLERS }, () => people.controller(customerId))),
      );
      await Promise.all(schedule.map((step) => arena.run(step)));
      await arena.check();
    }),
    { seed, numRuns: dose(15, 1_500), endOnFailure: true },
  );
  console.log(`${moves} racing moves`);
  expect(moves).toBeGreaterThan(dose(30, 10_000));
}, 10_800_000);
