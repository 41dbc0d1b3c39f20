import { sql } from 'kysely';
import { Harness, staffContext } from '../../test/harness.ts';
import { anna, customerA, customerChanged, jens } from '../../test/support.ts';
import { getSettings } from '../notification-settings/settings.ts';
import { recordBounce } from './record.ts';

const bench = Harness.install();

beforeEach(async () => {
  bench.clock.set('2026-03-01T12:00:00.000Z');
  await bench.arrive(customerChanged({ contacts: [anna, jens] }));
  await bench.activate(1, '2027-03-01T12:00:00.000Z');
  await bench.runAt('2026-12-01T06:00:00.000Z');
  await sql`update emails set outcome = 'sent', sent_at = now()`.execute(bench.database.kysely);
});

const report = (messageId: string, status: string) =>
  Buffer.from(`From: MAILER-DAEMON@mx.example.com
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"

--B1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; somebody@example.com
Action: failed
Status: ${status}
Diagnostic-Code: smtp; 550 no such user

--B1
Content-Type: message/rfc822

Message-ID: ${messageId}
Subject: x

Hello
--B1--
`);

const bounce = async (address: string, status: string) => {
  const email = (await bench.emails()).find(({ recipient }) => recipient === address);
  return recordBounce(bench, report(email?.message_id ?? '', status));
};
test('an e-mail that comes back is shown as bounced, with the reason; others stay as they are', async () => {
  expect(await bounce(anna.email, '5.2.2')).toBe('recorded');
  const outcomes = (await bench.emails()).map(({ recipient, outcome, failure }) => [recipient, outcome, failure]);
  expect(outcomes.sort()).toEqual([
    [anna.email, 'bounced', '5.2.2 550 no such user'],
    [jens.email, 'sent', null],
  ]);
  // A full mailbox may be empty tomorrow.
  await bench.runAt('2026-12-31T06:00:00.000Z');
  expect(await bench.notified()).toHaveLength(4);
});

test('an address that does not exist gets nothing more, and its partner sees why, until settings are saved again', async () => {
  await bounce(anna.email, '5.1.1');
  expect((await getSettings(bench.deps, staffContext, customerA)).silenced).toEqual([
    { email: anna.email, reason: 'bounced', since: '2026-12-01T06:00:00.000Z' },
  ]);
  await bench.runAt('2026-12-31T06:00:00.000Z');
  const later = () =>
    bench
      .notified()
      .then((notified) => notified.filter(([day]) => String(day) > '2026-12-01').map(([day, to]) => [day, to]));
  expect(await later()).toEqual([['2026-12-31', jens.email]]);
  await bench.putSettings({});
  await bench.runAt('2027-01-30T06:00:00.000Z');
  expect((await later()).slice(1).sort()).toEqual([
    ['2027-01-30', anna.email],
    ['2027-01-30', jens.email],
  ]);
});

test('a report about an e-mail that nobody sent here changes nothing', async () => {
  expect(await recordBounce(bench, report('<other@elsewhere.example>', '5.1.1'))).toBe('unknown');
  expect(await recordBounce(bench, Buffer.from('Subject: Hello\n\nNothing'))).toBe('no_report');
  expect(await bench.outcomes()).toEqual(['sent', 'sent']);
});
