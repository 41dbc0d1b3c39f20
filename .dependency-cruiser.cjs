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
      from: { path: '^packages/license-document/src/', pathNot: ['\\.test\\.ts$', '/src/vectors/'] },
      to: { pathNot: ['^packages/license-document/src/(?!vectors/)', '^(node:)?(crypto|buffer)$'] },
    },
    {
      name: 'license-document-programs-alone',
      comment: 'The program that makes the test vectors of the same package: nothing to install either.',
      severity: 'error',
      from: { path: '^packages/license-document/src/vectors/' },
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
      name: 'model-inward',
      comment:
        'The model (row types, mappers, payloads) knows no use case, route or wiring of its service; types of its deps at most.',
      severity: 'error',
      from: { path: '^services/[^/]+/src/model/', pathNot: '\\.test\\.ts$' },
      to: { path: '^services/[^/]+/src/(?!model/|tenancy\\.ts|deps\\.ts)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'routes-delegate',
      comment: 'A route delegates: no SQL, no libraries but the ones that describe the operation.',
      severity: 'error',
      from: { path: '^services/[^/]+/src/.*route\\.ts$' },
      to: { path: 'node_modules/(kysely|pg|bullmq)/' },
    },
    {
      name: 'use-cases-know-no-http',
      comment:
        'Use cases throw; only the chassis turns errors into answers. Fastify is for routes, plugins and the wiring. The gateway is HTTP.',
      severity: 'error',
      from: {
        path: '^services/(?!gateway/)[^/]+/src/[^/]+/.*\\.ts$',
        // A cookie, a form and an OAuth error are HTTP's own.
        pathNot: ['route\\.ts$', '\\.test\\.ts$', '\\.plugin\\.ts$'],
      },
      to: { path: 'node_modules/fastify/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'wiring-last',
      comment: 'The wiring knows everything; nothing but the entries of the service knows the wiring.',
      severity: 'error',
      from: { path: '^services/[^/]+/src/', pathNot: ['/src/(main|index|service|commands)\\.ts$', '\\.test\\.ts$'] },
      to: {
        path: ['^services/[^/]+/src/(service|main)\\.ts$', '^services/[^/]+/src/[^/]+/route\\.ts$', '\\.route\\.ts$'],
      },
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
