import fc from 'fast-check';
import type { LicenseRow } from '../model/license.ts';
import { beginning, splitInto } from './change-rules.ts';

const license: LicenseRow = {
  row_id: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
  license_id: '8d4c2a6e-5d0b-4f8e-9f43-2f6d7b1c9a10',
  partner_id: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  order_id: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
  order_reference: 'PO-2022-0417',
  kind: 'maintenance',
  device_count: 1000,
  term_years: 3,
  renews: null,
  split_from: null,
  customer_id: '2133c667-af41-4518-94df-a2bb3b775330',
  standing: 'good',
  note: '',
  created_at: new Date('2026-03-01T12:00:00Z'),
  version: 4,
  install_code: null,
  activated_at: null,
  starts_at: new Date('2026-01-01T00:00:00Z'),
  expires_at: new Date('2029-01-01T00:00:00Z'),
  first_activated_at: new Date('2026-01-01T00:00:00Z'),
  activation_version: 2,
};
const inInventory = { ...license, customer_id: null };
const onController = { ...license, install_code: 'ABCDEF00', activated_at: new Date(0) };
const takeBack = { kind: 'take_back', device_counts: null } as const;
const halves = { kind: 'split', device_counts: [500, 500] } as const;

describe('how a change begins', () => {
  test.each([
    ['a take-back from a customer asks activation', license, takeBack, false, 'ask'],
    ['a take-back from the inventory makes no sense', inInventory, takeBack, false, 'license_not_available'],
    ['a take-back from a controller', onController, takeBack, false, 'license_in_use'],
    ['a split with a customer asks activation', license, halves, false, 'ask'],
    ['a split in the inventory happens at once', inInventory, halves, false, 'now'],
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
  ] as const)('%s', (_case, state, command, isPending, begun) => {
    expect(beginning(state as LicenseRow, command, isPending)).toBe(begun);
  });
});

test('a split conserves devices, owner, purchase and term, whatever the parts', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 100 });
  fc.assert(
    fc.property(parts, (deviceCounts) => {
      let made = 0;
      const ids = () => {
        made += 1;
        return { row_id: `row ${made}`, license_id: `license ${made}` };
      };
      const whole = { ...license, device_count: deviceCounts.reduce((a, b) => a + b, 0) };
      const all = splitInto(whole, deviceCounts, { ids, now: new Date('2026-04-01') });
      const [kept, ...others] = all;
      expect(all.map((each) => each.device_count)).toEqual(deviceCounts);
      expect(new Set(all.map((each) => each.license_id)).size).toBe(deviceCounts.length);
      expect(kept).toEqual({ ...whole, device_count: deviceCounts[0], version: 5 });
      for (const other of others) {
        const { partner_id, order_id, customer_id, kind, term_years, first_activated_at } = license;
        expect(other).toMatchObject({ partner_id, order_id, customer_id, kind, term_years, first_activated_at });
        expect([other.split_from, other.version]).toEqual([license.license_id, 1]);
      }
    }),
  );
});
