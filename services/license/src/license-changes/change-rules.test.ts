import fc from 'fast-check';
import type { LicenseState } from '../licenses/license.ts';
import { beginning, splitInto } from './license-change.ts';

const license: LicenseState = {
  rowId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
  licenseId: '8d4c2a6e-5d0b-4f8e-9f43-2f6d7b1c9a10',
  partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  orderId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
  orderReference: 'PO-2022-0417',
  kind: 'maintenance',
  deviceCount: 1000,
  termYears: 3,
  renews: null,
  splitFrom: null,
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  standing: 'good',
  note: '',
  createdAt: new Date('2026-03-01T12:00:00Z'),
  version: 4,
  controller: null,
  startsAt: new Date('2026-01-01T00:00:00Z'),
  expiresAt: new Date('2029-01-01T00:00:00Z'),
  firstActivatedAt: new Date('2026-01-01T00:00:00Z'),
  activationVersion: 2,
};
const inInventory = { ...license, customerId: null };
const onController = { ...license, controller: { installCode: 'ABCDEF00', activatedAt: new Date(0) } };
const takeBack = { kind: 'take_back' } as const;
const halves = { kind: 'split', deviceCounts: [500, 500] } as const;

describe('how a change begins', () => {
  test.each([
    ['a take-back from a customer asks activation', license, takeBack, false, 'ask'],
    ['a take-back from the inventory makes no sense', inInventory, takeBack, false, 'license_not_available'],
    ['a take-back from a controller', onController, takeBack, false, 'license_in_use'],
    ['a split with a customer asks activation', license, halves, false, 'ask'],
    ['a split in the inventory needs nobody', inInventory, halves, false, 'now'],
    ['a split on a controller', onController, halves, false, 'license_in_use'],
    ['a second change', license, takeBack, true, 'license_not_available'],
    [
      'a suspended license, also with a change pending',
      { ...license, standing: 'suspended' },
      takeBack,
      true,
      'license_suspended',
    ],
    ['a revoked license on a controller', { ...onController, standing: 'revoked' }, halves, false, 'license_revoked'],
  ] as const)('%s', (_case, state, wish, isPending, begun) => {
    expect(beginning(state as LicenseState, wish, isPending)).toBe(begun);
  });
});

test('a split conserves devices, owner, purchase and term, whatever the parts', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 100 });
  fc.assert(
    fc.property(parts, (deviceCounts) => {
      let made = 0;
      const ids = () => {
        made += 1;
        return { rowId: `row ${made}`, licenseId: `license ${made}` };
      };
      const whole = { ...license, deviceCount: deviceCounts.reduce((a, b) => a + b, 0) };
      const { kept, parts: others } = splitInto(whole, deviceCounts, { ids, now: new Date('2026-04-01') });
      const all = [kept, ...others];
      expect(all.map((each) => each.deviceCount)).toEqual(deviceCounts);
      expect(new Set(all.map((each) => each.licenseId)).size).toBe(deviceCounts.length);
      expect(kept).toEqual({ ...whole, deviceCount: deviceCounts[0], version: 5 });
      for (const { partnerId, orderId, customerId, kind, termYears, firstActivatedAt, splitFrom, version } of others) {
        expect({ partnerId, orderId, customerId, kind, termYears, firstActivatedAt }).toEqual({
          partnerId: license.partnerId,
          orderId: license.orderId,
          customerId: license.customerId,
          kind: license.kind,
          termYears: license.termYears,
          firstActivatedAt: license.firstActivatedAt,
        });
        expect([splitFrom, version]).toEqual([license.licenseId, 1]);
      }
    }),
  );
});
