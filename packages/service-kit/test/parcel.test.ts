import { fromJob, PARCEL, toJobData } from '../src/messaging/parcel.ts';
import { QUEUE } from './support/fake-queue.ts';

describe('a job', () => {
  const job = { id: 'a1', attemptsMade: 2, attemptsStarted: 3, stalledCounter: 1 };

  test('of former times carries one message, under its own id and type', () => {
    const data = { some: 'envelope' };
    expect(fromJob(QUEUE, { ...job, name: 'partner.changed.1', data })).toEqual({
      queue: QUEUE,
      id: 'a1',
      messages: [{ id: 'a1', type: 'partner.changed.1', data }],
      failures: 2,
      deliveries: 3,
      stalls: 1,
    });
  });

  test('counts what a message had to its name before it went apart', () => {
    const message = { id: crypto.randomUUID(), type: 'partner.changed.1', data: {} };
    const data = toJobData([message], { failures: 1, deliveries: 1 });
    expect(fromJob(QUEUE, { ...job, name: PARCEL, data })).toMatchObject({ failures: 3, deliveries: 4 });
  });

  test.each([[null], ['text'], [{}], [{ messages: [] }], [{ messages: 'none' }]])(
    'that is no parcel, as %j, is one message that nobody can take',
    (data) => {
      const { messages } = fromJob(QUEUE, { ...job, name: PARCEL, data });
      expect(messages).toEqual([{ id: 'a1', type: PARCEL, data }]);
    },
  );

  test('with senseless messages gives each an id under which it can go apart', () => {
    const messages = [null, { id: 7 }, { id: 'a:b', type: 'x' }, 'text'];
    const parcel = fromJob(QUEUE, { ...job, name: PARCEL, data: { messages } });
    expect(parcel.messages.map(({ id }) => id)).toEqual(['a1-0', 'a1-1', 'a1-2', 'a1-3']);
  });
});
