import { testLogger } from '@smartserver/testing';
import { startJob } from './jobs.ts';

const deps = { service: 'sample', logger: testLogger(), messaging: { schedule: () => ({ close: async () => {} }) } };

/** A job whose first run never ends. */
const given = (giveUpAfterSeconds?: number) => {
  let runs = 0;
  let again = (): void => undefined;
  const secondRun = new Promise<void>((resolve) => {
    again = resolve;
  });
  const run = async (): Promise<void> => {
    runs += 1;
    if (runs === 1) await new Promise(() => undefined);
    again();
  };
  const job = {
    name: 'tick',
    everySeconds: 0.005,
    run,
    ...(giveUpAfterSeconds === undefined ? {} : { giveUpAfterSeconds }),
  };
  return { stop: startJob(deps, job), secondRun, runs: () => runs };
};

test('a run that does not end is given up after its time, and the next one starts', async () => {
  const { stop, secondRun } = given(0.02);
  await secondRun;
  await stop();
});

test('without such a time a run is not started twice', async () => {
  const { stop, runs } = given();
  await new Promise((resolve) => setTimeout(resolve, 60));
  void stop();
  expect(runs()).toBe(1);
});
