import { randomUUID } from 'node:crypto';
import type { ActivationsResult, SignedLicenseDocument } from '@smartserver/contracts';
import { announcedSeed, makeEvent } from '@smartserver/testing';
import fc from 'fast-check';
import { type Account, type Cms, givenAccount, givenCms } from './given.ts';
import { type Harness, startHarness, untilTaken } from './harness.ts';

/* Random schedules of everything that can meet an activation, run through two apps; what must hold is checked after each step. */

const RUNS = Number(process.env.SCHEDULES ?? (process.env.DOSE === 'long' ? 500 : 15));
const SEED = announcedSeed('schedules of activations');
const LICENSES = 4;
const DEVICES = 3;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ instances: 2 });
});
afterAll(() => harness.close());

const license = fc.nat(LICENSES - 1);
const device = fc.nat(DEVICES - 1);
const someLicenses = fc.uniqueArray(license, { minLength: 1, maxLength: LICENSES });
const action = fc.oneof(
  fc.record({ kind: fc.constant('activate' as const), device, licenses: someLicenses, key: fc.boolean() }),
  fc.record({ kind: fc.constant('return' as const), device, licenses: fc.option(someLicenses), key: fc.boolean() }),
  fc.record({ kind: fc.constant('hold' as const), license }),
  fc.record({
    kind: fc.constant('endHolds' as const),
    license,
    by: fc.constantFrom('release' as const, 'version' as const),
  }),
  fc.record({
    kind: fc.constant('stand' as const),
    license,
    standing: fc.constantFrom('good' as const, 'suspended' as const),
  }),
  fc.record({ kind: fc.constant('read' as const), device }),
);
/** Steps one after the other; what is in a step happens at once. */
const schedule = fc.array(fc.array(action, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 });

type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

/** Everything of one run: a small account, and what was seen of it. */
class Run {
  readonly account: Account;
  readonly devices: Cms[];
  private readonly versions: number[] = Array.from({ length: LICENSES }, () => 1);
  private readonly standings: ('good' | 'suspended')[] = Array.from({ length: LICENSES }, () => 'good');
  private readonly holds = new Map<number, string[]>();
  /** Install code and serial → the one document there may be. */
  private readonly documents = new Map<string, string>();

  constructor(account: Account, devices: Cms[]) {
    this.account = account;
    this.devices = devices;
  }

  id(index: number): string {
    return this.account.licenseIds[index] ?? '';
  }

  async act(action: Action): Promise<void> {
    switch (action.kind) {
      case 'activate': {
        const answer = await this.device(action.device).activate(
          action.licenses.map((n) => this.id(n)),
          key(action.key),
        );
        this.see(answer, [201, 409]);
        return;
      }
      case 'return': {
        const body = action.licenses === null ? { all: true } : { licenseIds: action.licenses.map((n) => this.id(n)) };
        this.see(await this.device(action.device).giveBack(body, key(action.key)), [200, 409]);
        return;
      }
      case 'hold': {
        const holdId = randomUUID();
        this.holds.set(action.license, [...(this.holds.get(action.license) ?? []), holdId]);
        const data = { holdId, licenseId: this.id(action.license), licenseVersion: 1 };
        await untilTaken(() => harness.take(makeEvent('hold.requested.1', data)));
        return;
      }
      case 'endHolds':
        if (action.by === 'version') return this.event(action.license);
        for (const holdId of this.holds.get(action.license) ?? []) {
          await harness.take(makeEvent('hold.released.1', { holdId, licenseId: this.id(action.license) }));
        }
        return;
      case 'stand':
        this.standings[action.license] = action.standing;
        return this.event(action.license);
      case 'read':
        this.see(await this.device(action.device).document(), [200]);
    }
  }

  /** The invariants, from the database and from the documents. */
  async check(): Promise<void> {
    const { kysely } = harness.database;
    const ids = this.account.licenseIds;
    const open = await kysely
      .selectFrom('activations')
      .selectAll()
      .where('license_id', 'in', ids)
      .where('returned_at', 'is', null)
      .execute();
    expect(new Set(open.map((row) => row.license_id)).size).toBe(open.length);
    const licenses = await kysely.selectFrom('licenses').selectAll().where('license_id', 'in', ids).execute();
    for (const row of licenses) {
      const activation = open.find((each) => each.license_id === row.license_id);
      expect([row.installed_on, row.activation_id]).toEqual([activation?.install_code ?? null, activation?.id ?? null]);
      if (row.hold_id !== null) expect(row.installed_on).toBeNull();
    }
    for (const { installCode, document } of this.devices) {
      const on = licenses.filter((row) => row.installed_on === installCode);
      const controller = await kysely
        .selectFrom('controllers')
        .selectAll()
        .where('install_code', '=', installCode)
        .executeTakeFirstOrThrow();
      expect([...controller.license_ids].sort()).toEqual(on.map((row) => row.license_id).sort());
      const answer = await document();
      this.see(answer, [200]);
      const good = on.filter((row) => row.standing === 'good').map((row) => row.license_id);
      expect(harness.verify(answer.json()).licenses.map((each) => each.licenseId)).toEqual(good.sort());
    }
  }

  private device(index: number): Cms {
    const found = this.devices[index];
    if (found === undefined) throw new Error('no device');
    return found;
  }

  private async event(index: number): Promise<void> {
    const version = (this.versions[index] ?? 0) + 1;
    this.versions[index] = version;
    const standing = this.standings[index] ?? 'good';
    await untilTaken(() => harness.licenseChanged({ ...this.account, licenseId: this.id(index), standing, version }));
  }

  private see(answer: { statusCode: number; body: string }, expected: number[]): void {
    if (!expected.includes(answer.statusCode)) throw new Error(`${answer.statusCode} ${answer.body}`);
    if (answer.statusCode >= 400) return;
    const body: ActivationsResult | SignedLicenseDocument = JSON.parse(answer.body);
    const document = 'document' in body ? body.document : body;
    const place = `${document.installCode} ${document.serial}`;
    const before = this.documents.get(place) ?? document.jws;
    if (before !== document.jws) throw new Error(`two documents of serial ${document.serial}`);
    this.documents.set(place, document.jws);
    for (const license of harness.verify(document).licenses)
      expect(this.account.licenseIds).toContain(license.licenseId);
  }
}

const key = (wanted: boolean): Record<string, string> => (wanted ? { 'idempotency-key': randomUUID() } : {});

test('activate, return, hold, suspend and read in any order and at once: one place each, and documents that are right', async () => {
  console.log(`SCHEDULES=${RUNS}`);
  await fc.assert(
    fc.asyncProperty(schedule, async (steps) => {
      const account = await givenAccount(
        harness,
        Array.from({ length: LICENSES }, () => ({})),
      );
      const devices: Cms[] = [];
      for (let n = 0; n < DEVICES; n += 1) devices.push(await givenCms(harness, account));
      const run = new Run(account, devices);
      const serials = new Map<string, number>();
      for (const step of steps) {
        await Promise.all(step.map((each) => run.act(each)));
        await run.check();
        for (const { installCode, document } of devices) {
          const { serial } = (await document()).json<SignedLicenseDocument>();
          expect(serial).toBeGreaterThanOrEqual(serials.get(installCode) ?? 0);
          serials.set(installCode, serial);
        }
      }
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
}, 600_000);
