import fc from 'fast-check';
import { type ReleaseClass, type SmartServerVersion, upgradeDecision } from '../src/index.ts';
import { modelOf, someLicenses } from './model.ts';

const anyVersion = fc.record({
  major: fc.integer({ min: 2, max: 5 }),
  minor: fc.integer({ min: 0, max: 9 }),
  update: fc.integer({ min: 0, max: 11 }),
  build: fc.option(fc.integer({ min: 0, max: 1200 })),
});
/** About where license management begins. */
const around33 = fc.record({
  major: fc.constant(3),
  minor: fc.integer({ min: 2, max: 4 }),
  update: fc.constantFrom(0, 1),
  build: fc.constantFrom(null, 0, 7),
});
const versions = fc.oneof({ weight: 3, arbitrary: anyVersion }, around33);
const near = versions.chain((from) =>
  fc.record({
    from: fc.constant(from),
    to: fc.oneof(
      versions,
      fc.record({ update: fc.nat(11), build: fc.option(fc.nat(1200)) }).map((changed) => ({ ...from, ...changed })),
    ),
  }),
);
const classes = fc.option(fc.constantFrom<ReleaseClass>('major', 'minor', 'update', 'platform'), { nil: undefined });

/** The order of versions, by text of fixed width. */
const key = ({ major, minor, update, build }: SmartServerVersion) =>
  [major, minor, update, build === null ? 0 : build + 1].map((part) => String(part).padStart(6, '0')).join('.');

type Question = Parameters<typeof upgradeDecision>[0];

/** The model: a list of answers, each with the condition under which it is the right one; exactly one must hold. */
const modelDecision = ({ from, to, toClass, licenses, at }: Question) => {
  const model = modelOf(licenses);
  const { terms, coverage } = model.at(at.getTime());
  const isNewer = key(to) > key(from);
  const isFree = key(to) < key({ major: 3, minor: 3, update: 0, build: null });
  const isUpgrade = key(to).slice(0, 13) !== key(from).slice(0, 13);
  const asks = isNewer && !isFree && toClass !== 'platform';
  const ended = model.lastEnd(at.getTime());
  const answers = {
    same_or_older: !isNewer,
    license_free: isNewer && isFree,
    not_covered: isNewer && !isFree && toClass === 'platform',
    update: asks && !isUpgrade,
    covered: asks && isUpgrade && terms > 0 && coverage.covered,
    maintenance_insufficient: asks && isUpgrade && terms > 0 && !coverage.covered,
    maintenance_expired: asks && isUpgrade && terms === 0 && Number.isFinite(ended),
    no_maintenance: asks && isUpgrade && terms === 0 && !Number.isFinite(ended),
  };
  const right = Object.entries(answers).filter(([, holds]) => holds);
  expect(right).toHaveLength(1);
  const reason = right[0]?.[0] ?? '';
  return {
    allowed: ['same_or_older', 'license_free', 'update', 'covered'].includes(reason),
    reason,
    expiredAt: reason === 'maintenance_expired' ? new Date(ended) : null,
    missingDevices: reason === 'maintenance_insufficient' ? coverage.missingDevices : null,
  };
};

test('the decision is the one right answer of the model', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(near, classes, someLicenses, ({ from, to }, toClass, { licenses, at }) => {
      const question = { from, to, toClass, licenses, at: new Date(at) };
      const decision = upgradeDecision(question);
      expect(decision).toEqual(modelDecision(question));
      seen.add(decision.reason);
    }),
    { numRuns: 10_000 },
  );
  expect(seen.size).toBe(8);
});

test('more maintenance never turns a yes into a no, and a later target never a no into a yes', () => {
  fc.assert(
    fc.property(near, versions, classes, someLicenses, ({ from, to }, other, toClass, { licenses, at }) => {
      const ask = (more: Partial<Question>) =>
        upgradeDecision({ from, to, toClass, licenses, at: new Date(at), ...more }).allowed;
      const without = licenses.filter(({ kind }) => kind !== 'maintenance');
      if (ask({ licenses: without })) expect(ask({})).toBe(true);
      const [lower, higher] = key(to) < key(other) ? [to, other] : [other, to];
      if (ask({ to: higher })) expect(ask({ to: lower })).toBe(true);
    }),
  );
});

test('an invalid instant is the mistake of the caller', () => {
  const version = { major: 4, minor: 0, update: 0, build: null };
  const question = { from: version, to: version, licenses: [], at: new Date(Number.NaN) };
  expect(() => upgradeDecision(question)).toThrow(RangeError);
});
