import { SendingBench } from '../../test/sending-bench.ts';
import { anna, jens } from '../../test/support.ts';
import type { MailTransport } from './smtp.ts';

const bench = SendingBench.install();

describe('the mail server is down', () => {
  test('nothing is lost, however long: all is sent once it is back', async () => {
    await bench.queueEmails(10);
    const patient = bench.sender();
    await bench.sink.stop();
    for (let hour = 0; hour < 24 * 10; hour += 1) {
      await patient.sendDue();
      bench.clock.advance(3_600_000);
    }
    expect(new Set(await bench.outcomes())).toEqual(new Set(['pending']));
    expect((await bench.emails()).some((email) => email.failure?.includes('mail server'))).toBe(true);

    await bench.restartMailServer();
    await patient.sendDue();
    bench.clock.advance(60_000);
    await patient.sendDue();
    expect(new Set(await bench.outcomes())).toEqual(new Set(['sent']));
    expect(new Set(bench.messageIds()).size).toBe(20);
    expect(bench.sink.messages).toHaveLength(20);
  });

  test('only one e-mail at a time tries whether it is back', async () => {
    await bench.queueEmails(10);
    let tries = 0;
    const down: MailTransport = {
      send: () => {
        tries += 1;
        return Promise.reject(Object.assign(new Error('down'), { code: 'ESOCKET' }));
      },
      close() {},
    };
    const patient = bench.sender({ transport: down });
    await patient.sendDue();
    const first = tries;
    expect(first).toBeLessThanOrEqual(5);
    bench.clock.advance(1_000);
    await patient.sendDue();
    expect(tries).toBe(first + 1);
    bench.clock.advance(1_000);
    await patient.sendDue();
    expect(tries).toBe(first + 1);
  });
});

describe('what the mail server answers', () => {
  test('4xx: the e-mail is tried again after a minute, with the same Message-ID, and the reason is visible meanwhile', async () => {
    await bench.queueEmails(1, [anna]);
    bench.sink.refuseWith(450);
    await bench.sender().sendDue();
    const [deferred] = await bench.emails();
    expect(deferred).toMatchObject({ outcome: 'pending', deferrals: 1, failure: expect.stringContaining('450') });
    bench.sink.refuseWith(null);
    await bench.sender().sendDue();
    expect(bench.sink.messages).toHaveLength(0);
    bench.clock.advance(60_000);
    await bench.sender().sendDue();
    expect(bench.messageIds()).toEqual([deferred?.message_id]);
    expect(await bench.outcomes()).toEqual(['sent']);
  });

  test('5xx: the e-mail has failed, with the reason, and is not tried again', async () => {
    await bench.queueEmails(1, [anna]);
    bench.sink.refuseWith(550);
    await bench.sender().sendDue();
    const [failed] = await bench.emails();
    expect(failed).toMatchObject({ outcome: 'failed', failure: expect.stringContaining('550'), sent_at: null });
    bench.sink.refuseWith(null);
    bench.clock.advance(30 * 86_400_000);
    await bench.sender().sendDue();
    expect(bench.sink.messages).toHaveLength(0);
  });

  test('one refused e-mail does not hold up the others', async () => {
    await bench.queueEmails(1, [anna]);
    bench.sink.refuseWith(550);
    await bench.sender().sendDue();
    bench.sink.refuseWith(null);
    await bench.queueEmails(1, [jens]);
    await bench.sender().sendDue();
    expect(bench.sink.messages).toHaveLength(1);
    expect((await bench.outcomes()).sort()).toEqual(['failed', 'sent']);
  });

  test('an e-mail deferred for five days is given up, with the reason', async () => {
    await bench.queueEmails(1, [anna]);
    bench.sink.refuseWith(451);
    const patient = bench.sender();
    for (let i = 0; i < 38; i += 1) {
      await patient.sendDue();
      bench.clock.advance(4 * 3_600_000);
    }
    expect(await bench.emails()).toMatchObject([{ outcome: 'failed', attempts: 38 }]);
  });
});
