// Builds the SDK as an npm package, ES module and CommonJS with types and without dependencies: `npm run pack:client`. It is not packed
// where its sources are, since a package.json there would hide the one by which they find each other.
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { build } from 'vite';
import { clientBuild } from './client-build.mjs';
import { clientTypes } from './client-types.mjs';
import { ROOT } from './root.mjs';

const NAME = 'millrace-client';
const MODULES = ['client', 'query'];

/** Builds the package and packs it into a folder; resolves with the path of the tarball. */
export async function packClient(folder) {
  const out = mkdtempSync(join(tmpdir(), `${NAME}-`));
  try {
    // The test runner sets another one, and what the libraries have for it is larger.
    process.env.NODE_ENV = 'production';
    const built = [];
    for (const module of MODULES) {
      const files = { es: `${module}.js`, cjs: `${module}.cjs` };
      built.push(await build({ ...clientBuild(module, out, files), configFile: false, logLevel: 'warn' }));
    }
    const types = MODULES.flatMap((module) => {
      const text = clientTypes(module);
      return [
        [`${module}.d.ts`, text],
        [`${module}.d.cts`, text],
      ];
    });
    const { version, description, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const manifest = {
      name: NAME,
      version,
      description: `Client of Millrace. ${description}`,
      license,
      ...ENTRIES,
    };
    const texts = {
      'package.json': JSON.stringify(manifest, null, 2),
      ...Object.fromEntries(types),
      'README.md': readme(readFileSync(join(ROOT, 'docs', 'SDK.md'), 'utf8')),
      'THIRD-PARTY-LICENSES.txt': licencesOf(built),
    };
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(out, name), `${text.trimEnd()}\n`);
    copyFileSync(join(ROOT, 'LICENSE'), join(out, 'LICENSE'));
    mkdirSync(folder, { recursive: true });
    const args = ['pack', out, '--pack-destination', folder, '--json', '--ignore-scripts', '--offline'];
    await promisify(execFile)('npm', args, { cwd: out });
    return join(folder, `${NAME}-${version}.tgz`);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const entryOf = (module) => ({
  import: { types: `./${module}.d.ts`, default: `./${module}.js` },
  require: { types: `./${module}.d.cts`, default: `./${module}.cjs` },
});

const ENTRIES = {
  type: 'module',
  sideEffects: false,
  engines: { node: '>=22' },
  main: './client.cjs',
  module: './client.js',
  types: './client.d.ts',
  exports: {
    '.': entryOf('client'),
    './query': entryOf('query'),
    './package.json': './package.json',
  },
};

/** The manual of the SDK, for users of the package instead of a copy of the module. */
function readme(manual) {
  const text = manual.slice(manual.indexOf('## Send events'));
  const named = text
    .replaceAll("'./client.js'", `'${NAME}'`)
    .replaceAll("'./query.js'", `'${NAME}/query'`)
    .replace(/\[(\w+\.md)\]\(\1\)/g, '$1');
  return `# ${NAME}\n\nThe SDK of Millrace: two modules with their types and without dependencies, for browsers and Node 22 or newer.\n\n${named}`;
}

/** The licences of the packages whose code is in the build. */
function licencesOf(built) {
  const modules = built
    .flat()
    .flatMap(({ output }) => output.flatMap(({ modules = {} }) => Object.keys(modules)));
  const folders = new Set(modules.map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0]));
  folders.delete(undefined);
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = ['LICENSE', 'LICENSE.md', 'license'].map((end) => join(folder, end)).find(existsSync);
      if (file === undefined) throw new Error(`${name} has no licence that could be packed along.`);
      return `${name} ${version}\n\n${readFileSync(file, 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(72)}\n\n`);
}

if (process.argv[1] === import.meta.filename) console.log(await packClient(join(ROOT, 'dist')));
