import { readdirSync, readFileSync } from 'node:fs';

const JEST = 'node_modules/jest/bin/jest.js';
const GENERATE = 'packages/service-kit/dist/codegen/main.js';

/** The client's types of the API, from the document that was just composed. */
const CLIENT_TYPES = [
  'packages/client/node_modules/openapi-typescript/bin/cli.js',
  'openapi/gateway.json',
  '--output=packages/client/src/generated/api.ts',
];

/** Tests that need the machine for themselves: many processes, or a browser. One after the other. */
const PROCESS_TESTS = ['packages/acceptance/', 'services/portal/test/browser/', 'services/notification/test/browser/'];

/** Where a second run of Jest puts its report: beside the first one's. */
const besideReport = (arg) => arg.replace(/^(--outputFile=.*)\.json$/, '$1.processes.json');

const allTests = (args) => [
  [
    JEST,
    ...args,
    ...PROCESS_TESTS.map((path) => `--testPathIgnorePatterns=${path}`),
    '--testPathIgnorePatterns=/(node_modules|dist)/',
  ],
  [JEST, ...args.map(besideReport), '--runInBand', ...PROCESS_TESTS],
];

const isOption = (arg) => arg.startsWith('-');

/** Tests of services and of the whole system, which `test:containers` runs on the images of production. */
const SERVER_TESTS = ['services/(account|license|activation|notification|gateway)/', 'packages/service-kit/'];

const containerTests = (args) => [
  [
    JEST,
    ...args,
    ...SERVER_TESTS,
    '--testPathIgnorePatterns=/test/browser/',
    '--testPathIgnorePatterns=/(node_modules|dist)/',
  ],
  [JEST, ...args.map(besideReport), '--runInBand', 'packages/acceptance/test/'],
];

/** Test files below a folder that know a long dose: found by their text, so that none is forgotten. */
const longTests = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : longTests(path);
    return entry.name.endsWith('.test.ts') && /\bdose\(|\bDOSE\b/.test(readFileSync(path, 'utf8')) ? [path] : [];
  });

/** Every `npm run` command: a built module run in this process, or programs run one after the other. */
export const commands = {
  prepare: { steps: () => [] },
  // Says what is missing, before anything is installed.
  doctor: { steps: () => [['packages/stack/bin/doctor.mjs']], install: false },
  // From the sources: nothing is built.
  dev: { module: 'packages/stack/bin/dev.mjs', build: false },
  start: { module: 'packages/stack/dist/main.js' },
  'start:services': { module: 'packages/stack/dist/services/main.js' },
  setup: { module: 'packages/stack/dist/setup/main.js' },
  demo: { module: 'packages/stack/dist/demo/main.js' },
  cms: { module: 'packages/cms/dist/main.js' },
  keys: { module: 'packages/keys/dist/main.js' },
  emails: { module: 'services/notification/dist/samples/main.js' },
  generate: { steps: (args) => [[GENERATE, ...args], CLIENT_TYPES] },
  // With a path of your own: just that.
  test: { steps: (args) => (args.every(isOption) ? allTests(args) : [[JEST, ...args]]) },
  'test:long': {
    steps: (args) => [
      [
        JEST,
        '--runInBand',
        ...(args.every(isOption) ? longTests('packages').concat(longTests('services')) : []),
        ...args,
      ],
    ],
    env: { DOSE: 'long' },
  },
  'test:containers': {
    steps: (args) => (args.every(isOption) ? containerTests(args) : [[JEST, '--runInBand', ...args]]),
    env: { TEST_CONTAINERS: 'true' },
  },
  'test:mutants': { steps: (args) => [['packages/acceptance/dist/mutants/main.js', ...args]] },
  bench: { module: 'packages/acceptance/dist/bench/main.js' },
};
