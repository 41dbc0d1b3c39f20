/** The import rules of all packages and services: who may import whom. Run by `npm run imports`. */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A circle means two modules are one, or a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'services-apart',
      comment: 'Services talk through queues and HTTP, never by import.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/([^/]+)/', pathNot: '^services/$1/' },
    },
    {
      name: 'packages-below-services',
      comment:
        'Packages never import services. Exceptions: the stack, which runs them all in one process, and the bench, whose floor does the same statement.',
      severity: 'error',
      from: { path: '^packages/(?!stack/)[^/]+/src/', pathNot: '^packages/acceptance/src/bench/' },
      to: { path: '^services/' },
    },
    {
      name: 'contracts-without-framework',
      comment: 'The contracts are a vocabulary: types and constants, no library.',
      severity: 'error',
      from: { path: '^packages/contracts/src/' },
      to: { pathNot: '^packages/contracts/src/' },
    },
    {
      name: 'license-document-alone',
      comment: 'A CMS must be able to take this package alone: node:crypto and nothing else.',
      severity: 'error',
      from: { path: '^packages/license-document/src/', pathNot: ['\\.test\\.ts$', '/src/(cli|vectors)/'] },
      to: { pathNot: ['^packages/license-document/src/(?!cli/|vectors/)', '^(node:)?(crypto|buffer)$'] },
    },
    {
      name: 'license-document-programs-alone',
      comment: 'The operator commands of the same package: nothing to install either.',
      severity: 'error',
      from: { path: '^packages/license-document/src/(cli|vectors)/' },
      to: { pathNot: '^packages/license-document/src/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'rules-pure',
      comment: 'Licensing rules compute; they know no library and no other package.',
      severity: 'error',
      from: { path: '^packages/rules/src/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/rules/src/' },
    },
    {
      name: 'domain-inward',
      comment:
        'A feature’s domain file knows neither its store, its service, its controller nor a framework. The gateway has no domain.',
      severity: 'error',
      from: {
        path: '^services/(?!gateway/)[^/]+/src/([^/]+)/[^/]+\\.ts$',
        pathNot:
          '(-service|-store|-statement|\\.controller|\\.test)\\.ts$|/(consumers|generated|http|proxy|routes|limits|mail|commands)/',
      },
      to: { path: '(-service|-store|\\.controller)\\.ts$|node_modules/(fastify|kysely|pg)/' },
    },
    {
      name: 'one-problem-renderer',
      comment: 'Features throw; only the chassis turns errors into answers.',
      severity: 'error',
      from: { path: '^services/(?!gateway/)[^/]+/src/.*(-service|-store)\\.ts$' },
      to: { path: 'node_modules/fastify/' },
    },
    {
      name: 'tests-not-in-production',
      comment: 'Production code does not import tests or the test harness.',
      severity: 'error',
      from: { path: '^(packages/(?!testing/|acceptance/|stack/)|services/)[^/]+/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '(\\.test\\.ts$|/test/|^packages/testing/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Pages and e-mails are TSX, which this parser does not read.
    exclude: { path: '(/dist/|/generated/|\\.d\\.ts$|\\.tsx$)' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
    },
  },
};
