// The import rules of docs/ARCHITECTURE.md, one entry a row. Tests, benches, tools and infra may import anything.
const TEST = '(\\.test\\.ts|\\.conformance\\.ts|\\.browser\\.ts|/testing/|^(infra|tests|bench|tools)/)';
const SERVICES = '^(ingest|aggregator|gateway)/';
const PURE = '^(aggregates/|[^/]+/core/)';
const npm = (...names) => `^node_modules/(${names.join('|')})(/|$)`;
const npmExcept = (...names) => `^node_modules/(?!(${names.join('|')})(/|$))`;

const folders = [
  'contracts',
  'aggregates',
  'platform',
  'ingest',
  'aggregator',
  'gateway',
  'client',
  'dashboard',
  'embedded',
];
/** What a folder may import of the other folders; its own files always. */
const allowed = {
  contracts: [],
  aggregates: ['contracts'],
  platform: ['contracts'],
  ingest: ['contracts', 'aggregates', 'platform'],
  aggregator: ['contracts', 'aggregates', 'platform'],
  gateway: ['contracts', 'aggregates', 'platform'],
  client: ['contracts'],
  dashboard: ['contracts', 'client'],
  embedded: folders.filter((f) => f !== 'dashboard'),
};
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const sources = (path) => ({ path, pathNot: TEST });

const folderRules = folders.map((folder) =>
  rule(
    `folders-of-${folder}`,
    `${folder} may import ${allowed[folder].join(', ') || 'no other folder'}`,
    sources(`^${folder}/`),
    {
      path: `^(${[...folders, 'infra', 'tests', 'bench', 'tools'].filter((f) => f !== folder && !allowed[folder].includes(f)).join('|')})/`,
    },
  ),
);

/** The inner walls: of these folders of a part, each may import those before it. */
const walls = {
  contracts: ['text', 'event', 'body', 'metric', 'log', 'view', 'board'],
  aggregates: ['counts', 'extremes', 'sums', 'keys', 'frequent', 'funnels', 'quantiles', 'judge'],
  ingest: ['core', 'routes'],
  aggregator: ['core', 'output', 'versions'],
  'aggregator/core': ['dedup', 'decode', 'sequences', 'restore', 'fold'],
  gateway: ['core', 'status', 'sockets', 'views', 'previews', 'sessions', 'routes'],
  'gateway/core': ['hot', 'view', 'derived'],
  'gateway/routes': [
    'definitions',
    'keys',
    'series',
    'events',
    'explain',
    'verdict',
    'groups',
    'schema',
    'preview',
  ],
  client: ['host', 'live', 'views', 'events', 'query'],
  'dashboard/src': [
    'format',
    'range',
    'ui',
    'charts',
    'app',
    'event-row',
    'sentence',
    'panels',
    'frame',
    'board',
    'now',
    'explore',
    'catalogue',
    'events',
    'connect',
    'system',
    'settings',
  ],
  'dashboard/src/charts': ['ink', 'trace', 'axis', 'strip', 'draw'],
  'dashboard/src/panels': ['feed', 'lists', 'chart', 'stat', 'tail', 'empty', 'frame'],
  'platform/http': ['refusals', 'connections', 'callers'],
  'platform/log': ['local', 'lmdb', 'kafka'],
  'platform/log/kafka': ['topics', 'read', 'kafkajs', 'platformatic'],
  'platform/process': ['settings', 'tasks', 'reporting'],
  'platform/store': ['connection', 'sql', 'memory'],
};
const wallRules = Object.entries(walls).flatMap(([part, order]) =>
  order
    .slice(0, -1)
    .map((folder, i) =>
      rule(
        `walls-of-${part}-${folder}`,
        `${part}/${folder} may import ${order.slice(0, i).join(', ') || 'no other folder'} of ${part}`,
        sources(`^${part}/${folder}/`),
        { path: `^${part}/(${order.slice(i + 1).join('|')})/` },
      ),
    ),
);

/** Where each third-party library is imported: one place. Exempt: fastify, svelte, typebox, UI kits, icons, test libraries. */
const oneHome = {
  '@clickhouse/client': '^platform/store/',
  chdb: '^platform/store/',
  koffi: '^platform/store/',
  lmdb: '^platform/log/',
  kafkajs: '^platform/log/kafka/kafkajs/',
  '@platformatic/kafka': '^platform/log/kafka/platformatic/',
  '@fastify/cors': '^ingest/|^platform/http/',
  '@fastify/static': '^gateway/',
  '@fastify/swagger': '^platform/http/',
  pino: '^platform/process/',
  'prom-client': '^platform/process/',
  yaml: '^(platform/process|gateway)/',
  'socket.io': '^gateway/',
  'socket.io-client': '^client/',
  ws: '^gateway/',
  re2js: '^contracts/filter/match-pattern\\.ts$',
  'chart.js': '^dashboard/src/charts/axis/chart\\.ts$',
};
const homeRules = Object.entries(oneHome).map(([library, home]) =>
  rule(
    `home-of-${library}`,
    `${library} is imported in ${home} only`,
    { path: '^[^/]+/', pathNot: `${home}|${TEST}|^node_modules/` },
    { path: npm(library) },
  ),
);

module.exports = {
  forbidden: [
    ...folderRules,
    ...wallRules,
    ...homeRules,
    rule('contracts-npm', 'contracts import typebox and re2js at most', sources('^contracts/'), {
      path: npmExcept('typebox', 're2js'),
    }),
    rule(
      'browser-patterns',
      'the engine of patterns is too large for a page',
      sources('^(client|dashboard)/'),
      {
        path: '^contracts/filter/match-pattern',
      },
    ),
    rule('typebox-types', 'nothing of typebox runs: it gives types', sources('^'), {
      path: npm('typebox'),
      dependencyTypesNot: ['type-only'],
    }),
    rule('contracts-pure', 'contracts run in the browser', sources('^contracts/'), {
      dependencyTypes: ['core'],
    }),
    rule('pure-npm', 'aggregates and core import no packages', sources(PURE), { path: '^node_modules/' }),
    rule('pure-node', 'aggregates and core import nothing of node', sources(PURE), {
      dependencyTypes: ['core'],
    }),
    rule('core-inside', 'core imports contracts, aggregates and itself', sources('^[^/]+/core/'), {
      pathNot: '^(contracts/|aggregates/|[^/]+/core/|node_modules/)',
      dependencyTypesNot: ['core', 'npm'],
    }),
    rule(
      'browser-node',
      'client and dashboard run in the browser',
      { path: '^(client|dashboard)/', pathNot: `${TEST}|vite\\.config|svelte\\.config` },
      { dependencyTypes: ['core'] },
    ),
    rule('client-npm', 'the client imports socket.io-client only', sources('^client/'), {
      path: npmExcept('socket.io-client'),
    }),
    rule(
      'services-npm',
      'services import fastify; socket.io and its parser in their one place; ws and yaml in the gateway',
      sources(SERVICES),
      {
        path: npmExcept('fastify', '@fastify', 'socket.io', 'socket.io-parser', 'ws', 'yaml', 'typebox'),
      },
    ),
    rule(
      'services-adapters',
      'services know the ports, never a concrete adapter',
      { path: SERVICES, pathNot: `${TEST}|/main\\.ts$` },
      {
        path: '^platform/(log|store|service)/',
        pathNot:
          '^platform/(log/(log|read-range)|store/(store|event-query|judged-events)|store/connection/engine-connection)\\.ts$',
      },
    ),
    rule('dashboard-schema', 'the schema compiler is not shipped to browsers', sources('^dashboard/'), {
      path: npm('typebox'),
    }),
    rule(
      'main-imported',
      'a main.ts is started, never imported',
      { pathNot: '^$' },
      { path: '(^|/)main\\.ts$', pathNot: '^(node_modules|dashboard)/' },
    ),
    rule(
      'embedded-imported',
      'embedded wires the others',
      { path: '^(?!embedded/|infra/|tests/|bench/|tools/|node_modules/)' },
      { path: '^embedded/' },
    ),
    rule('cycles', 'no cycles', { path: '^[^/]+/', pathNot: '^node_modules/' }, { circular: true }),
    rule(
      'unresolved',
      'every import leads somewhere',
      { path: '^[^/]+/', pathNot: '^node_modules/' },
      { couldNotResolve: true, pathNot: '^(node:|virtual:)' },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types', 'svelte'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.svelte', '.json'],
    },
  },
};
