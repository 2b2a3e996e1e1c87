import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compressFolder } from './compress.mjs';
import { exec } from './exec.mjs';
import { millraceNode } from './install.mjs';
import { ROOT } from './root.mjs';

/** What is built for browsers: the source folders, the outputs and the commands. */
const BUILDS = [
  {
    name: 'dashboard',
    sources: ['dashboard', 'client', 'contracts', 'package-lock.json'],
    output: 'dist/dashboard/index.html',
    configs: ['dashboard/vite.config.ts'],
  },
  {
    name: 'client',
    sources: [
      'client',
      'contracts',
      'tools/run/client.vite.config.mjs',
      'tools/run/query.vite.config.mjs',
      'tools/run/client-build.mjs',
      'tools/run/client-types.mjs',
      'tools/run/schema-types.mjs',
      'tsconfig.json',
      'package-lock.json',
    ],
    output: 'dist/client/client.js',
    types: { client: 'dist/client/client.d.ts', query: 'dist/client/query.d.ts' },
    configs: ['tools/run/client.vite.config.mjs', 'tools/run/query.vite.config.mjs'],
  },
];

/** How it is built counts as a source, too. */
const BUILDERS = ['tools/run/build-parts.mjs', 'tools/run/compress.mjs'];

/** Builds the dashboard and the SDK for browsers by `node`, each unless its output was made from these very sources. */
export async function buildWhatIsOld(node = millraceNode()) {
  for (const build of BUILDS) {
    const stamp = join(ROOT, 'node_modules', '.cache', 'millrace', `${build.name}.sources`);
    const hash = hashOf([...build.sources, ...BUILDERS]);
    const types = Object.entries(build.types ?? {});
    const built = [build.output, ...types.map(([, file]) => file)].every((file) =>
      existsSync(join(ROOT, file)),
    );
    if (built && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) continue;
    console.log(`Building the ${build.name}.`);
    const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
    const commands = [
      ...build.configs.map((config) => [
        vite,
        'build',
        '--config',
        config,
        '--manifest',
        '--logLevel',
        'warn',
      ]),
      ...types.map(([module, file]) => [join(ROOT, 'tools/run/client-types.mjs'), module, join(ROOT, file)]),
    ];
    for (const command of commands) {
      if ((await exec(node, command)) === 0) continue;
      throw new Error(`The ${build.name} could not be built; its output is above.`);
    }
    compressFolder(dirname(join(ROOT, build.output)));
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, hash);
  }
}

function hashOf(sources) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesOf(source)) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest('hex');
}

function filesOf(path) {
  if (!existsSync(join(ROOT, path))) return [];
  const entries = readdirSync(join(ROOT, dirname(path)), { withFileTypes: true });
  const own = entries.find((e) => join(dirname(path), e.name) === path);
  if (!own?.isDirectory()) return [path];
  return readdirSync(join(ROOT, path))
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}
