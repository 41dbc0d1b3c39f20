const swc = ({ tsx }) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true, tsx },
      transform: { legacyDecorator: true, decoratorMetadata: false, react: { runtime: 'automatic' } },
    },
    module: { type: 'commonjs' },
  },
];

/** One Jest run for the whole workspace. Sources are read directly (condition `source`), so no build is needed to test. */
export default {
  testMatch: ['<rootDir>/(packages|services)/*/(src|test)/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  globalSetup: '<rootDir>/packages/testing/jest/global-setup.ts',
  globalTeardown: '<rootDir>/packages/testing/jest/global-teardown.ts',
  reporters: ['default', '<rootDir>/packages/testing/jest/seed-reporter.mjs'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require', 'default'] },
  extensionsToTreatAsEsm: [],
  transform: { '^.+\\.[cm]?[jt]s$': swc({ tsx: false }), '^.+\\.tsx$': swc({ tsx: true }) },
  // Libraries that ship ES modules only: Jest's own module system needs them transformed.
  transformIgnorePatterns: [
    '/node_modules/(?!.*(cookie|jose|uuid|get-jwks|get-port|execa|fastify-openapi-glue|@seriousme|@scure|@noble)/)',
  ],
  maxWorkers: 2,
  testTimeout: 30_000,
};
