import { testClock } from '@smartserver/testing';
import { SendingBench } from '../../test/sending-bench.ts';

const bench = SendingBench.install();
const sent = () => bench.sink.messages.length;

test('all processes together send no more e-mails per second than the limit allows', async () => {
  await bench.queueEmails(20);
  const processes = [bench.sender({ perSecond: 10 }), bench.sender({ perSecond: 10 })];
  const sendDue = () => Promise.all(processes.map((each) => each.sendDue()));
  await sendDue();
  expect(sent()).toBe(10);
  bench.clock.advance(500);
  await sendDue();
  expect(sent()).toBe(15);
  // What was not used is not saved up for longer than a second.
  bench.clock.advance(60_000);
  await sendDue();
  expect(sent()).toBe(25);
});

test('processes whose clocks differ by less than a second do not send more', async () => {
  await bench.queueEmails(20);
  const behind = testClock();
  bench.clock.advance(900);
  const processes = [bench.sender({ perSecond: 10 }), bench.sender({ perSecond: 10, clock: behind })];
  for (let n = 0; n < 3; n += 1) for (const each of processes) await each.sendDue();
  expect(sent()).toBe(10);
  for (let step = 0; step < 10; step += 1) {
    bench.clock.advance(100);
    behind.advance(100);
    for (const each of processes) await each.sendDue();
  }
  expect(sent()).toBe(20);
});

test('a clock that was set far ahead and back does not stop the others', async () => {
  await bench.queueEmails(20);
  const ahead = testClock();
  ahead.advance(24 * 3_600_000);
  await bench.sender({ perSecond: 10, clock: ahead }).sendDue();
  expect(sent()).toBe(10);
  const others = bench.sender({ perSecond: 10 });
  for (let second = 0; second < 3; second += 1) {
    await others.sendDue();
    bench.clock.advance(1_000);
  }
  expect(sent()).toBeGreaterThan(10);
});

test('a sender that the pace holds back looks again when the next e-mail may be sent', async () => {
  await bench.queueEmails(3);
  const lane = bench.lane(undefined, 5);
  expect(await lane.lease(bench.due(2))).toMatchObject({ items: { length: 2 }, waitMs: null });
  expect(await lane.lease(bench.due(5))).toMatchObject({ items: { length: 3 }, waitMs: 200 });
  expect(await lane.lease(bench.due(5))).toEqual({ items: [], waitMs: 200 });
});

test('a sender without due e-mails does not look again sooner, even if its pace allows less than it has connections', async () => {
  await bench.queueEmails(1);
  const lane = bench.lane(undefined, 4);
  expect(await lane.lease(bench.due(5))).toMatchObject({ items: { length: 2 }, waitMs: null });
  bench.clock.advance(1_000);
  expect(await lane.lease(bench.due(5))).toEqual({ items: [], waitMs: null });
});
