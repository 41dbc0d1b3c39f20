import { earlier } from '../activations/activation-move.ts';
import { standingAfter } from './license.ts';

describe('the standing after a command', () => {
  test.each([
    ['good', 'suspend', 'suspended'],
    ['good', 'reinstate', null],
    ['good', 'revoke', 'revoked'],
    ['suspended', 'suspend', null],
    ['suspended', 'reinstate', 'good'],
    ['suspended', 'revoke', 'revoked'],
    ['revoked', 'suspend', 'license_revoked'],
    ['revoked', 'reinstate', 'license_revoked'],
    ['revoked', 'revoke', null],
  ] as const)('%s, %s: %s', (standing, command, after) => {
    expect(standingAfter(standing, command)).toBe(after);
  });
});

test('of two instants the earlier one counts, and an unknown one never', () => {
  const [a, b] = [new Date('2026-03-01'), new Date('2026-03-02')];
  expect([earlier(a, b), earlier(b, a), earlier(a, null), earlier(null, b), earlier(null, null)]).toEqual([
    a,
    a,
    a,
    b,
    null,
  ]);
});
