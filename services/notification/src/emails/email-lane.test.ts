import { leaseMs, SendingBench } from '../../test/sending-bench.ts';
import { anna, jens } from '../../test/support.ts';
import type { MailTransport } from './smtp.ts';

const bench = SendingBench.install();

test('each recipient gets an own message with the queued Message-ID, and it is recorded as sent', async () => {
  await bench.queueEmails(1);
  await bench.sender().sendDue();
  const emails = await bench.emails();
  expect(bench.messageIds()).toEqual(emails.map((email) => email.message_id).sort());
  expect(bench.sink.messages.flatMap((message) => message.to).sort()).toEqual([anna.email, jens.email]);
  for (const email of emails)
    expect(email).toMatchObject({ outcome: 'sent', sent_at: bench.clock.now(), failure: null });
});

test('the German e-mail arrives with its umlauts', async () => {
  await bench.queueEmails(1, [jens], 'Büro Süd');
  await bench.sender().sendDue();
  expect(bench.sink.messages[0]?.subject).toBe('1 Lizenz wurde an Büro Süd übertragen');
  expect(bench.sink.messages[0]?.text).toContain('Guten Tag Jens Müller,');
});

test('a hostile customer or contact name adds no header and no recipient', async () => {
  const hostile = 'x\r\nBcc: victim@example.com\r\nSubject: other';
  await bench.queueEmails(1, [{ ...anna, name: hostile }], hostile);
  await bench.sender().sendDue();
  expect(bench.sink.messages).toHaveLength(1);
  expect(bench.sink.messages[0]?.subject).toBe('1 license was transferred to x Bcc: victim@example.com Subject: other');
  expect([bench.sink.messages[0]?.to].flat()).toEqual([anna.email]);
});

test('two senders at once send each of 60 e-mails once', async () => {
  await bench.queueEmails(30);
  await Promise.all([bench.sender().sendDue(), bench.sender().sendDue()]);
  const emails = await bench.emails();
  expect(bench.messageIds()).toEqual(emails.map((email) => email.message_id).sort());
  expect(new Set(emails.map((email) => email.outcome))).toEqual(new Set(['sent']));
});

test('a sender that leases at the same moment takes other e-mails, and does not wait', async () => {
  await bench.queueEmails(2);
  await bench.database.kysely.transaction().execute(async (trx) => {
    // As long as the statement of another sender has not committed.
    const [first] = await trx.selectFrom('emails').select('email_id').limit(1).forUpdate().execute();
    const { items: others } = await bench.lane().lease(bench.due(10));
    expect(others).toHaveLength(3);
    expect(others.map((email) => email.emailId)).not.toContain(first?.email_id);
  });
});

describe('a crash', () => {
  test('between the server’s 250 and the record repeats the e-mail with the same Message-ID, and only after the lease', async () => {
    await bench.queueEmails(1, [anna]);
    // What the sender does up to the 250; then the process is gone.
    const {
      items: [email],
    } = await bench.lane().lease(bench.due(1));
    if (!email) throw new Error('nothing was due');
    await bench.transport().send(email);

    await bench.sender().sendDue();
    expect(bench.sink.messages).toHaveLength(1);
    bench.clock.advance(leaseMs);
    await bench.sender().sendDue();
    expect(bench.messageIds()).toEqual([email.messageId, email.messageId]);
    expect(await bench.outcomes()).toEqual(['sent']);
  });

  test('before the mail server was reached loses nothing', async () => {
    await bench.queueEmails(1, [anna]);
    await bench.lane().lease(bench.due(1));
    bench.clock.advance(leaseMs);
    await bench.sender().sendDue();
    expect(bench.sink.messages).toHaveLength(1);
  });

  test('of the database after the 250 does not repeat it: recording goes on until it succeeds', async () => {
    await bench.queueEmails(1, [anna]);
    let failures = 3;
    const lane = bench.lane();
    const flaky: typeof lane = {
      ...lane,
      record: (email, verdict, at) => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new Error('the database is away')) : lane.record(email, verdict, at);
      },
    };
    await bench.sender({ lanes: [flaky] }).sendDue();
    expect(await bench.outcomes()).toEqual(['sent']);
    expect(bench.sink.messages).toHaveLength(1);
  });

  test('a sender that lost its lease does not overwrite what the next one recorded', async () => {
    await bench.queueEmails(1, [anna]);
    const lane = bench.lane();
    const {
      items: [slow],
    } = await lane.lease(bench.due(1, 0));
    const {
      items: [next],
    } = await lane.lease(bench.due(1, 0));
    if (!slow || !next) throw new Error('nothing was due');
    await lane.record(slow, { kind: 'failed', failure: 'too late' }, bench.clock.now());
    expect(await bench.outcomes()).toEqual(['pending']);
    await lane.record(next, { kind: 'done' }, bench.clock.now());
    const late = { kind: 'retry', delayMs: 0, failure: 'too late', counts: true } as const;
    await lane.record(slow, late, bench.clock.now());
    expect(await bench.emails()).toMatchObject([{ outcome: 'sent', failure: null }]);
  });
});

test('no more e-mails a second are sent than the limit allows', async () => {
  await bench.queueEmails(5);
  const slow = bench.sender({ perSecond: 4 });
  await slow.sendDue();
  expect(bench.sink.messages).toHaveLength(4);
  bench.clock.advance(500);
  await slow.sendDue();
  expect(bench.sink.messages).toHaveLength(6);
  bench.clock.advance(60_000);
  await slow.sendDue();
  expect(bench.sink.messages).toHaveLength(10);
});

describe('the running sender', () => {
  test('is woken by a commit, and stop() lets the e-mail on its way finish', async () => {
    const transport = bench.transport();
    const running = bench.sender({ transport, options: { pollMs: 60_000 } });
    running.start();
    await bench.queueEmails(1, [anna]);
    const arrived = new Promise<void>((resolve) => {
      const real = transport.send;
      transport.send = async (email) => {
        resolve();
        await real(email);
      };
    });
    running.wake();
    await arrived;
    await running.stop();
    expect(await bench.outcomes()).toEqual(['sent']);
    expect(bench.sink.messages).toHaveLength(1);
  });

  test('stop() cuts an e-mail that takes too long; it stays due', async () => {
    await bench.queueEmails(1, [anna]);
    let cut = (_error: Error) => {};
    const stuck: MailTransport = {
      send: () => new Promise((_resolve, reject) => (cut = reject)),
      close: () => cut(Object.assign(new Error('closed'), { code: 'ECONNECTION' })),
    };
    const running = bench.sender({ transport: stuck, options: { drainMs: 20 } });
    running.start();
    await running.stop();
    expect(await bench.outcomes()).toEqual(['pending']);
    bench.clock.advance(60_000);
    await bench.sender().sendDue();
    expect(await bench.outcomes()).toEqual(['sent']);
  });

  test('logs no address and no text of an e-mail', async () => {
    await bench.queueEmails(1, [anna]);
    bench.sink.refuseWith(550);
    await bench.sender().sendDue();
    expect(JSON.stringify(bench.logger.lines())).not.toContain(anna.email);
    expect(JSON.stringify(bench.logger.lines())).not.toContain('P2022-0208');
  });
});
