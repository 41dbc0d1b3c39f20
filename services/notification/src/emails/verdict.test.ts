import { deferralDelay, judge, maxDeferrals, unreachableDelay } from './verdict.ts';

const smtp = (code: string, responseCode?: number, response?: string) =>
  Object.assign(new Error('smtp'), { code, responseCode, response });

describe('what a failed attempt means', () => {
  test.each([
    ['an unknown mailbox', smtp('EENVELOPE', 550, '550 5.1.1 no such user')],
    ['a refused message', smtp('EMESSAGE', 554, '554 5.7.1 refused')],
    ['an address that cannot be offered at all', smtp('EENVELOPE')],
  ])('%s is final', (_name, error) => {
    expect(judge(error).kind).toBe('refused');
  });

  test.each([
    ['greylisting', smtp('EENVELOPE', 450, '450 4.7.1 try later')],
    ['a full mailbox', smtp('EMESSAGE', 452, '452 4.2.2 full')],
    ['an error nobody foresaw', new Error('what?')],
  ])('%s defers this e-mail', (_name, error) => {
    expect(judge(error).kind).toBe('deferred');
  });

  test.each([
    ['a refused connection', smtp('ESOCKET')],
    ['a closed connection', smtp('ECONNECTION')],
    ['a server that shuts down', smtp('EENVELOPE', 421, '421 bye')],
    ['a time-out', smtp('ETIMEDOUT')],
    ['a refused sign-in', smtp('EAUTH', 535, '535 no')],
    ['a missing sign-in', smtp('EENVELOPE', 530, '530 authentication required')],
    ['a refused greeting', smtp('EPROTOCOL', 554, '554 no service')],
  ])('%s is the fault of the connection: no e-mail is given up for it', (_name, error) => {
    expect(judge(error).kind).toBe('unreachable');
  });

  test('the reason is the server’s answer on one line of bounded length', () => {
    const { reason } = judge(smtp('EENVELOPE', 550, `550-5.1.1 no\r\n550 ${'x'.repeat(1000)}`));
    expect(reason).toMatch(/^550-5\.1\.1 no 550 x+$/);
    expect(reason).toHaveLength(300);
  });
});

test('a deferred e-mail is tried for about five days, at most every four hours', () => {
  const delays = Array.from({ length: maxDeferrals }, (_, index) => deferralDelay(index + 1));
  expect(delays.slice(0, 4)).toEqual([60_000, 120_000, 240_000, 480_000]);
  expect(Math.max(...delays)).toBe(4 * 3_600_000);
  const days = delays.reduce((sum, delay) => sum + delay, 0) / 86_400_000;
  expect(days).toBeGreaterThan(4.9);
  expect(days).toBeLessThan(5.2);
});

test('an unreachable server is tried again within a minute, however long it was away', () => {
  expect(unreachableDelay(1)).toBe(1_000);
  expect(unreachableDelay(5_000)).toBe(60_000);
});
