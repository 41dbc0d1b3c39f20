import { readLicenseFile, verifyDocument } from '@smartserver/license-document';
import { actors, announcedSeed } from '@smartserver/testing';
import fc from 'fast-check';
import { type Account, givenAccount } from './given.ts';
import { type Answer, type Harness, startHarness } from './harness.ts';
import { type Box, customerOf, givenBox, offline } from './offline-given.ts';

/*
 * Rule 1 where the cloud cannot see: SmartServers without Internet, and people who carry files to and fro, keep them, mix them
 * up and hand them in late, twice and in any order. No license may be free, or elsewhere, while a SmartServer can use it, or
 * has a file that it would still take.
 */

const RUNS = Number(process.env.SCHEDULES ?? (process.env.DOSE === 'long' ? 500 : 15));
const SEED = announcedSeed('offline-schedules');
const LICENSES = 3;
const BOXES = 2;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ instances: 2 });
});
afterAll(() => harness.close());

const license = fc.nat(LICENSES - 1);
const box = fc.nat(BOXES - 1);
const any = fc.nat(1000);
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('issue' as const), box, license, typed: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('download' as const), any }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('import' as const), box, any }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), box, any }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('handIn' as const), any }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('oldRequest' as const), any, license }) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

type Place = { box: Box; usable: Set<string>; files: string[]; requests: string[] };

/** One account, its boxes, and everything that lies around on people's desks. */
class Run {
  readonly account: Account;
  readonly places: Place[] = Array.from({ length: BOXES }, () => ({
    box: givenBox(),
    usable: new Set(),
    files: [],
    requests: [],
  }));
  private readonly receipts: string[] = [];
  private readonly issued = new Set<string>();
  readonly counts = { issued: 0, imported: 0, returned: 0, refused: 0 };

  constructor(account: Account) {
    this.account = account;
  }

  async act(action: Action): Promise<void> {
    const customer = offline(harness, customerOf(this.account));
    switch (action.kind) {
      case 'issue': {
        const place = this.place(action.box);
        const { installCode } = place.box;
        const file = place.box.request({ customerId: this.account.customerId });
        const typed = action.typed === 0;
        if (!typed) place.requests.push(file);
        const how = typed ? { installCode } : { requestFile: file };
        return this.keep(await customer.activate({ licenseId: this.id(action.license), ...how }));
      }
      case 'oldRequest': {
        const requests = this.places.flatMap((place) => place.requests);
        const requestFile = requests[action.any % Math.max(1, requests.length)];
        if (requestFile === undefined) return;
        return this.keep(await customer.activate({ licenseId: this.id(action.license), requestFile }));
      }
      case 'download': {
        const id = [...this.issued][action.any % Math.max(1, this.issued.size)];
        if (id !== undefined) await this.download(id);
        return;
      }
      case 'import': {
        const place = this.place(action.box);
        const file = place.files[action.any % Math.max(1, place.files.length)];
        if (file === undefined || importable(place, file) === null) return;
        place.usable = new Set(place.box.take(harness, file));
        this.counts.imported += 1;
        return;
      }
      case 'remove': {
        const place = this.place(action.box);
        const id = [...place.usable][action.any % Math.max(1, place.usable.size)];
        if (id === undefined) return;
        place.usable.delete(id);
        this.receipts.push(place.box.remove(this.account.customerId, [id]));
        return;
      }
      case 'handIn': {
        const receipt = this.receipts[action.any % Math.max(1, this.receipts.length)];
        if (receipt === undefined) return;
        const answer = await customer.giveBack(receipt);
        if (answer.statusCode === 200) this.counts.returned += 1;
        else this.counts.refused += 1;
        expect([200, 422]).toContain(answer.statusCode);
      }
    }
  }

  async check(): Promise<void> {
    const rows = await harness.database.kysely
      .selectFrom('licenses')
      .select(['license_id', 'installed_on'])
      .where('license_id', 'in', this.account.licenseIds)
      .execute();
    const where = new Map(rows.map((row) => [row.license_id, row.installed_on]));
    for (const place of this.places) {
      const reachable = new Set([...place.usable, ...place.files.flatMap((file) => importable(place, file) ?? [])]);
      for (const id of reachable) expect([id, where.get(id)]).toEqual([id, place.box.installCode]);
    }
  }

  private place(index: number): Place {
    const found = this.places[index];
    if (found === undefined) throw new Error('no box');
    return found;
  }

  private id(index: number): string {
    return this.account.licenseIds[index] ?? '';
  }

  private async keep(answer: Answer): Promise<void> {
    expect([201, 409, 422]).toContain(answer.statusCode);
    if (answer.statusCode !== 201) return;
    const { offlineActivationId } = answer.json<{ offlineActivationId: string }>();
    this.issued.add(offlineActivationId);
    this.counts.issued += 1;
    await this.download(offlineActivationId);
  }

  private async download(id: string): Promise<void> {
    const answer = await offline(harness, actors.staff()).file(id);
    expect([200, 409]).toContain(answer.statusCode);
    if (answer.statusCode !== 200) return;
    for (const { box: each, files } of this.places) {
      if (answer.body.includes(each.installCode) && !files.includes(answer.body)) files.push(answer.body);
    }
  }
}

/** What a box would have after it has imported a file; null where it would refuse it. */
const importable = ({ box: { installCode, serial, removed } }: Place, file: string): string[] | null => {
  const { rootPublicKey } = harness.set;
  try {
    const minimumSerial = serial + (removed ? 1 : 0);
    const { document } = verifyDocument(readLicenseFile(file).jws, { rootPublicKey, installCode, minimumSerial });
    return document.licenses.map((each) => each.licenseId);
  } catch {
    return null;
  }
};

test('whatever people do with their files, no license is free while a SmartServer can use it or could be given it', async () => {
  console.log(`SCHEDULES=${RUNS}`);
  const total = { issued: 0, imported: 0, returned: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 40, maxLength: 60, size: 'max' }), async (actions) => {
      const account = await givenAccount(
        harness,
        Array.from({ length: LICENSES }, () => ({})),
      );
      const run = new Run(account);
      for (const each of actions) {
        harness.clock.advance(1_000);
        await run.act(each);
        await run.check();
      }
      for (const [what, count] of Object.entries(run.counts)) total[what as keyof typeof total] += count;
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
  console.log(total);
}, 3_600_000);
