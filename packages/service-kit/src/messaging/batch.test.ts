import { QUEUE } from '../../test/support/fake-queue.ts';
import { BATCH_JOB, fromJob, isolatedOfResult, toJobData, toJobResult } from './batch.ts';

describe('a job', () => {
  const job = { id: 'a1', attemptsMade: 2, attemptsStarted: 3, stalledCounter: 1 };

  test('of the first versions carries one message, under its own id and type', () => {
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

  test('counts the failures of a message before it was isolated', () => {
    const message = { id: crypto.randomUUID(), type: 'partner.changed.1', data: {} };
    const data = toJobData([message], { failures: 1, deliveries: 1 });
    expect(fromJob(QUEUE, { ...job, name: BATCH_JOB, data })).toMatchObject({ failures: 3, deliveries: 4 });
  });

  test.each([[null], ['text'], [{}], [{ messages: [] }], [{ messages: 'none' }]])(
    'that is no batch, as %j, is one message that cannot be parsed',
    (data) => {
      const { messages } = fromJob(QUEUE, { ...job, name: BATCH_JOB, data });
      expect(messages).toEqual([{ id: 'a1', type: BATCH_JOB, data }]);
    },
  );

  test('with malformed messages gives each an id under which it can be isolated', () => {
    const messages = [null, { id: 7 }, { id: 'a:b', type: 'x' }, 'text'];
    const batch = fromJob(QUEUE, { ...job, name: BATCH_JOB, data: { messages } });
    expect(batch.messages.map(({ id }) => id)).toEqual(['a1-0', 'a1-1', 'a1-2', 'a1-3']);
  });

  test('keeps the isolated messages in the field that the version before reads and writes', () => {
    expect(toJobResult(['b2'])).toEqual({ apart: ['b2'] });
    expect(isolatedOfResult({ apart: ['b2'] })).toEqual(['b2']);
    expect(isolatedOfResult(null)).toEqual([]);
  });
});
