import type { License, OfflineActivation } from '../api/queries.ts';
import { isMoving, useOf } from './license-state.ts';

const CODE = '0302E1C2A8F40011';

const license = (fields: Partial<License>): License => ({
  licenseId: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  kind: 'capacity',
  deviceCount: 200,
  termYears: null,
  renews: null,
  partnerId: '',
  orderReference: '',
  place: 'customer',
  status: 'assigned',
  customerId: '',
  installCode: null,
  activatedAt: null,
  startsAt: null,
  expiresAt: null,
  note: '',
  createdAt: '2026-01-01T00:00:00.000Z',
  version: 1,
  ...fields,
});
const placed = license({
  place: 'controller',
  status: 'active',
  installCode: CODE,
  activatedAt: '2026-02-01T10:00:00.000Z',
});

const file = (fields: Partial<OfflineActivation>): OfflineActivation => ({
  offlineActivationId: '',
  licenseId: '',
  customerId: '',
  installCode: CODE,
  kind: 'capacity',
  deviceCount: 200,
  serial: 1,
  createdAt: '2026-02-01T10:00:00.000Z',
  returnedAt: null,
  fileName: '',
  ...fields,
});
const returned = file({ returnedAt: '2026-02-02T10:00:00.000Z' });

describe('what can be done with a license', () => {
  test.each([
    ['capacity in the cloud', license({}), [], 'can_create'],
    ['maintenance in the cloud', license({ kind: 'maintenance' }), [], 'customer_success'],
    ['Remote CMS in the cloud', license({ kind: 'remote_cms' }), [], 'customer_success'],
    ['placed by a file', placed, [file({})], 'offline'],
    ['downloaded by the SmartServer', placed, [], 'online'],
    ['placed by a file, not yet heard of by the license service', license({}), [file({})], 'offline'],
    ['returned, not yet heard of by the license service', placed, [returned], 'can_create'],
    [
      'returned and downloaded again on the same SmartServer',
      { ...placed, activatedAt: '2026-03-01T10:00:00.000Z' },
      [returned],
      'online',
    ],
    ['returned and placed by another file', placed, [returned, file({ installCode: 'OTHER123' })], 'offline'],
    ['suspended', license({ status: 'suspended' }), [], 'suspended'],
    ['suspended on a SmartServer', { ...placed, status: 'suspended' as const }, [file({})], 'suspended'],
    ['revoked', license({ status: 'revoked' }), [file({})], 'revoked'],
    ['back with the integrator', license({ place: 'inventory', status: 'in_inventory' }), [], 'unavailable'],
  ])('%s', (_what, state, files, kind) => {
    expect(useOf(state, files).kind).toBe(kind);
  });
});

test('a license is moving while the license service has not heard of it, and only then', () => {
  expect(isMoving(license({}), [file({})])).toBe(true);
  expect(isMoving(placed, [returned])).toBe(true);
  expect(isMoving(placed, [file({})])).toBe(false);
  expect(isMoving(license({}), [returned])).toBe(false);
});
