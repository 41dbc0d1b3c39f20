import { createLogger } from '../logger.ts';
import { createStopStack } from './stop-stack.ts';

const logger = createLogger({ service: 'stop-stack', level: 'silent' });

test('stops the last first, and a step that fails or hangs does not take its turn from the others', async () => {
  const done: string[] = [];
  const stack = createStopStack(logger);
  stack.add('last', async () => done.push('last'));
  stack.add('hangs', () => new Promise(() => undefined), 20);
  stack.add('fails', () => Promise.reject(new Error('broken')));
  stack.add('first', async () => done.push('first'));
  await stack.stop();
  expect(done).toEqual(['first', 'last']);
});

test('stops once, however often it is asked to', async () => {
  let count = 0;
  const stack = createStopStack(logger);
  stack.add('only', async () => {
    count += 1;
  });
  await Promise.all([stack.stop(), stack.stop()]);
  await stack.stop();
  expect(count).toBe(1);
});
