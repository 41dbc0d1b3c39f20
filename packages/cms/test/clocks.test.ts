import { announcedSeed } from '@smartserver/testing';
import fc from 'fast-check';
import { capacity, capacityId, issuer, maintenance, maintenanceId } from './documents.ts';
import { OfflineBox } from './offline-box.ts';

const seed = announcedSeed('clocks');
const numRuns = Number(process.env.TEST_SCHEDULES ?? 60);

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.parse('2026-03-01T12:00:00.000Z');
const expiry = Date.parse(String(maintenance.expiresAt));
const vendor = issuer();

type Step =
  | { kind: 'time passes'; ms: number }
  | { kind: 'the clock is set'; off: number }
  | { kind: 'a file arrives'; skew: number }
  | { kind: 'an old file arrives'; which: number }
  | { kind: 'it is looked at' };

// From a year before the term ends to some years after it: that is where time could be gained.
const passing = fc.integer({ min: minute, max: 500 * day }).map((ms): Step => ({ kind: 'time passes', ms }));
const setting = fc
  .oneof(
    fc.constant(0),
    fc.integer({ min: -day, max: day }),
    fc.integer({ min: -3_650 * day, max: 3_650 * day }),
    fc.constantFrom(-3_650 * day, 3_650 * day),
  )
  .map((off): Step => ({ kind: 'the clock is set', off }));
const arriving = fc
  .integer({ min: -5 * minute, max: 5 * minute })
  .map((skew): Step => ({ kind: 'a file arrives', skew }));
const replayed = fc.nat({ max: 20 }).map((which): Step => ({ kind: 'an old file arrives', which }));
const looking = fc.constant<Step>({ kind: 'it is looked at' });
const schedule = fc.array(fc.oneof(passing, setting, arriving, replayed, looking), { minLength: 5, maxLength: 25 });

type Answer = { judgedAt: string; serial: number | null; items: { licenseId: string; status: string }[] };

/** Runs a schedule and checks at each look what must hold whatever the clock says. */
const run = async (steps: readonly Step[]): Promise<void> => {
  const box = new OfflineBox(vendor);
  try {
    await runOn(box, steps);
  } finally {
    box.remove();
  }
};

const runOn = async (box: OfflineBox, steps: readonly Step[]): Promise<void> => {
  await box.init();
  const licenses = [capacity, maintenance];
  const files: { path: string; serial: number; issued: number }[] = [];
  let [time, off, serial, newestIssue] = [start, 0, 0, 0];
  let outlived = false;

  const look = async () => {
    box.now = new Date(time + off);
    const { judgedAt, serial: stored, items } = await box.json<Answer>('licenses');
    const status = (id: string) => items.find(({ licenseId }) => licenseId === id)?.status;
    // Judged by the clock, but never by a time before one that was signed.
    expect(Date.parse(judgedAt)).toBe(Math.max(time + off, newestIssue));
    // No clock changes what is stored, or touches what never expires.
    expect(stored).toBe(serial === 0 ? null : serial);
    if (serial === 0) return;
    expect(status(capacityId)).toBe('active');
    const isOver = status(maintenanceId) === 'expired';
    // No time is gained: not by a clock that is right or ahead, and by no clock at all once a signed time proves the end.
    if (time + off >= expiry || newestIssue >= expiry) expect(isOver).toBe(true);
    if (outlived) expect(isOver).toBe(true);
    outlived ||= newestIssue >= expiry;
    // And none is lost: before the end it is not over, unless the clock itself says so.
    if (time + off < expiry && newestIssue < expiry) expect(isOver).toBe(false);
  };

  for (const step of steps) {
    if (step.kind === 'time passes') time += step.ms;
    if (step.kind === 'the clock is set') off = step.off;
    if (step.kind === 'it is looked at') await look();
    box.now = new Date(time + off);
    if (step.kind === 'a file arrives') {
      serial += 1;
      const issued = Math.max(start, time + step.skew);
      const path = box.put(vendor.file({ serial, issuedAt: new Date(issued).toISOString(), licenses }));
      files.push({ path, serial, issued });
      newestIssue = Math.max(newestIssue, issued);
      // A clock that lies is no reason to refuse a genuine file.
      expect(await box.cms('add', path)).toBe(0);
      await look();
    }
    if (step.kind === 'an old file arrives' && files.length > 0) {
      const old = files[step.which % files.length];
      expect(await box.refusal('add', old?.path ?? '')).toBe(old?.serial === serial ? null : 'file_superseded');
      await look();
    }
  }
  await look();
};

test(
  `in ${numRuns} schedules of clocks that run, jump ten years or go back, and servers that differ by five minutes, no usable time is gained`,
  async () => {
    console.log(`${numRuns} schedules`);
    await fc.assert(fc.asyncProperty(schedule, run), { seed, numRuns, endOnFailure: true });
  },
  60_000 + 500 * numRuns,
);

test('a clock that is set back after the term ended does not bring it back, once any later document was added', async () => {
  const over = expiry - start + day;
  await run([
    { kind: 'a file arrives', skew: 0 },
    { kind: 'time passes', ms: over },
    { kind: 'a file arrives', skew: 0 },
    { kind: 'the clock is set', off: -3_650 * day },
    { kind: 'an old file arrives', which: 0 },
    { kind: 'it is looked at' },
  ]);
});
