const JEST = 'node_modules/jest/bin/jest.js';
const GENERATE = 'packages/service-kit/dist/codegen/main.js';

/** Every `npm run` command: a built module run in this process, or programs run one after the other. */
export const commands = {
  prepare: { steps: () => [] },
  start: { module: 'packages/stack/dist/main.js' },
  'start:services': { module: 'packages/stack/dist/services/main.js' },
  setup: { module: 'packages/stack/dist/setup/main.js' },
  demo: { module: 'packages/stack/dist/demo/main.js' },
  cms: { module: 'packages/cms/dist/main.js' },
  keys: { module: 'packages/license-document/dist/cli/main.js' },
  generate: { steps: (args) => [[GENERATE, ...args]] },
  test: { steps: (args) => [[JEST, ...args]] },
  'test:long': { steps: (args) => [[JEST, '--runInBand', 'packages/acceptance', ...args]], env: { DOSE: 'long' } },
  'test:mutants': { steps: (args) => [['packages/acceptance/dist/mutants/main.js', ...args]] },
  bench: { module: 'packages/acceptance/dist/bench/main.js' },
};
