import { verifyDocument, writeLicenseFile } from '@smartserver/license-document';
import {
  coverage,
  parseVersion,
  type ReleaseClass,
  type SmartServerVersion,
  supportUntil,
  upgradeDecision,
} from '@smartserver/rules';
import { offlineCoverage, offlineUpgradeCheck } from '../src/index.ts';
import { capacity, installCode, issuer, maintenance } from './documents.ts';
import { documentLicenses, instantsOf, issuedAt, states, versions } from './maintenance-states.ts';
import { OfflineBox } from './offline-box.ts';

const vendor = issuer();
const classes: readonly (ReleaseClass | undefined)[] = [undefined, 'major', 'minor', 'update', 'platform'];
const read = versions.map((text) => ({ text, version: parseVersion(text) as SmartServerVersion }));

/** The licenses of a state as a SmartServer has them: out of a genuinely signed document. */
const onBox = (licenses: (typeof states)[string]) =>
  verifyDocument(vendor.issue({ issuedAt, licenses: documentLicenses(licenses) }), vendor).document;

describe('the SmartServer decides as the cloud does, from its signed document alone', () => {
  test('an upgrade: from every version to every version, of every class, in every state of coverage, at every instant that matters', () => {
    const seen = new Map<string, number>();
    for (const [state, facts] of Object.entries(states)) {
      const { licenses } = onBox(facts);
      for (const at of instantsOf(facts)) {
        for (const from of read) {
          for (const to of read) {
            for (const releaseClass of classes) {
              const asked = { from: from.version, to: to.version, toClass: releaseClass };
              const decided = upgradeDecision({ ...asked, licenses: facts, at });
              const { allowed, reason, expiredAt, missingDevices } = offlineUpgradeCheck(
                { installCode, licenses, at },
                { from, to, releaseClass },
              );
              const same =
                allowed === decided.allowed &&
                reason === decided.reason &&
                expiredAt === (decided.expiredAt?.toISOString() ?? null) &&
                missingDevices === decided.missingDevices;
              // One expectation for each of some hundred thousand would take minutes.
              if (!same) throw new Error(`${state}, ${from.text} to ${to.text}, ${at.toISOString()}: ${reason}`);
              seen.set(reason, (seen.get(reason) ?? 0) + 1);
            }
          }
        }
      }
    }
    expect([...seen.keys()].sort()).toEqual([
      'covered',
      'license_free',
      'maintenance_expired',
      'maintenance_insufficient',
      'no_maintenance',
      'not_covered',
      'same_or_older',
      'update',
    ]);
    const total = [...seen.values()].reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `offline and cloud agree on ${total} questions: ${JSON.stringify(Object.fromEntries(seen))}\n`,
    );
    expect(total).toBeGreaterThan(100_000);
  });

  test.each(Object.entries(states))('coverage, at every instant that matters: %s', (_state, facts) => {
    const { licenses } = onBox(facts);
    for (const at of instantsOf(facts)) {
      const { maintenance: terms, ...stated } = offlineCoverage({ installCode, licenses, at });
      const { coveredUntil, ...computed } = coverage(facts, at);
      const until = coveredUntil?.toISOString() ?? null;
      expect(stated).toEqual({ installCode, at: at.toISOString(), ...computed, coveredUntil: until });
      const inForce = terms.filter(({ state }) => state === 'active' || state === 'expiring');
      expect(inForce.length > 0).toBe(supportUntil(facts, at) !== null);
      expect(inForce.reduce((sum, { deviceCount }) => sum + deviceCount, 0)).toBe(computed.maintainedDevices);
    }
  });
});

describe('at the command line, without network', () => {
  let box: OfflineBox;
  beforeEach(async () => {
    box = new OfflineBox(vendor);
    await box.init('--software-version', '4.40.012');
  });
  afterEach(() => box.remove());
  const give = async (state: string) => {
    box.now = new Date(issuedAt);
    const jws = vendor.issue({ issuedAt, licenses: documentLicenses(states[state] ?? []) });
    expect(await box.cms('add', box.put(writeLicenseFile({ jws })))).toBe(0);
  };
  const check = (...more: string[]) =>
    box.json<{ reason: string; checkedAt: string }>('upgrade-check', '--offline', ...more);

  test.each(Object.entries(states))('it answers as the cloud would: %s', async (state, facts) => {
    await give(state);
    const instants = instantsOf(facts);
    for (const at of [instants[0], instants.at(-1)] as [Date, Date]) {
      box.now = at;
      const { covered } = coverage(facts, at);
      expect(await box.json('coverage', '--offline')).toMatchObject({ covered, source: 'license_document' });
      for (const [to, releaseClass] of [['4.5'], ['4.4 Update 1'], ['4.3'], ['5.0', 'platform']] as const) {
        const answer = await check('--to', to, ...(releaseClass ? ['--release-class', releaseClass] : []));
        const from = parseVersion('4.40.012') as SmartServerVersion;
        const question = { from, to: parseVersion(to) as SmartServerVersion, toClass: releaseClass };
        const { expiredAt, ...decided } = upgradeDecision({ ...question, licenses: facts, at });
        const since = expiredAt?.toISOString() ?? null;
        expect(answer).toMatchObject({ ...decided, expiredAt: since, fromVersion: '4.40.012', toVersion: to });
      }
    }
  });

  test('a clock that is set back turns no expired maintenance into one in force', async () => {
    await give('expired');
    box.now = new Date('2025-06-01T00:00:00.000Z');
    expect(await check('--to', '4.5')).toMatchObject({ reason: 'maintenance_expired', checkedAt: issuedAt });
    expect(box.err).toContain('behind');
    expect(await box.json('coverage', '--offline')).toMatchObject({ covered: false, at: issuedAt });
  });

  test('what was returned offline no longer counts', async () => {
    await box.add({ licenses: [capacity, maintenance] });
    expect(await check('--to', '4.5')).toMatchObject({ reason: 'covered' });
    const out = ['--out', `${box.stick}/box.ret`, '--yes'];
    expect(await box.cms('return', '--offline', maintenance.licenseId, ...out)).toBe(0);
    expect(await check('--to', '4.5')).toMatchObject({ reason: 'no_maintenance' });
  });

  test('before any license came, an update is allowed and an upgrade is not', async () => {
    expect(await check('--to', '4.4 Update 1')).toMatchObject({ reason: 'update' });
    expect(await check('--to', '4.5')).toMatchObject({ reason: 'no_maintenance' });
  });

  test('a refusal says why and is no error; the words for people', async () => {
    await give('expired');
    expect(await box.cms('upgrade-check', '--offline', '--to', '4.5')).toBe(0);
    expect(box.out).toBe(
      `Refused: ${installCode} from 4.40.012 to 4.5.\n` +
        'Its maintenance expired on 2026-03-01 12:00 UTC. Renew it first.\nDevices that run are not affected.\n',
    );
    await give('expired');
    expect(await box.cms('coverage', '--offline')).toBe(0);
    expect(box.out).toContain('Not covered: maintenance for 1000 devices is missing.');
    expect(box.out).toMatch(/1000 devices +expired +2026-03-01 12:00 UTC/);
  });

  test('a renewal that has not started is shown as such', async () => {
    await give('renewal activated early');
    expect(await box.cms('coverage', '--offline')).toBe(0);
    expect(box.out).toContain('Covered until 2027-07-01 12:00 UTC.');
    expect(box.out).toMatch(/1000 devices +starts 2026-07-01 12:00 UTC +2027-07-01 12:00 UTC/);
  });

  test('a document that is not genuine gives no answer', async () => {
    const stranger = issuer();
    const other = new OfflineBox(stranger);
    await other.init();
    await other.add({});
    await other.cms('init', '--install-code', installCode, '--root-key', `${box.stick}/root.pem`);
    expect(await other.refusal('upgrade-check', '--offline', '--to', '3.2')).toBe('document_root_unknown');
    other.remove();
  });

  test.each([
    ['no target', []],
    ['a version that cannot be compared', ['--to', '4.40']],
    ['a version of its own that cannot be compared', ['--to', '4.5', '--from', 'new']],
    ['an unknown class', ['--to', '4.5', '--release-class', 'huge']],
  ])('wrong use: %s', async (_name, more) => {
    expect(await box.cms('upgrade-check', '--offline', ...more)).toBe(2);
    expect(await box.cms('licenses', ...more, '--to', '4.5')).toBe(2);
  });

  test('a software version that cannot be compared is a problem, with what to do', async () => {
    await box.init('--software-version', 'nightly');
    expect(await box.refusal('upgrade-check', '--offline', '--to', '4.5')).toBe('version_unreadable');
    expect(await check('--to', '4.5', '--from', '4.5')).toMatchObject({ reason: 'same_or_older' });
  });

  test('the cloud knows the class of a release: it is not an option', async () => {
    expect(await box.cms('upgrade-check', '--to', '4.5', '--release-class', 'platform')).toBe(2);
    expect(await box.refusal('upgrade-check', '--to', '4.5')).toBe('not_linked');
    expect(await box.refusal('coverage')).toBe('not_linked');
  });
});
