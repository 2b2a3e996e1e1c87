import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EventsServer, startEventsServer } from '#client/testing/events-server.ts';
import { packClient } from '../../tools/run/pack-client.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const MANUAL = await readFile(join(ROOT, 'docs', 'SDK.md'), 'utf8');
const EXAMPLES = [...MANUAL.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

/** Fails to compile if the types were lost on the way: a wrong property must be refused. */
const TYPED = `
const client = createClient<{ signup: { plan: 'free' | 'pro' } }>({ url: 'http://127.0.0.1:9', onError() {} });
client.track('signup', { plan: 'free' }).catch(() => {});
// @ts-expect-error: there is no such plan.
client.track('signup', { plan: 'team' }).catch(() => {});
const view: ViewSubscription = client.subscribe({ metric: 'orders' }, { onChange: ({ series }) => series.size });
view.close();
`;

let folder: string;
let server: EventsServer;
const run = async (file: string, args: readonly string[]): Promise<string> => {
  const options = { cwd: folder, timeout: 50_000 };
  return (await promisify(execFile)(file, args, options).catch((e: { stdout: string; stderr: string }) => e))
    .stdout;
};
const program = (head: string): string =>
  `${head}\nconst client = createClient({ url: '${server.url}' });
client.track('installed').then(() => client.close()).then(() => console.log('sent', typeof MillraceError));\n`;

beforeAll(async () => {
  server = await startEventsServer();
  folder = await mkdtemp(join(tmpdir(), 'millrace-installed-'));
  const tarball = await packClient(folder);
  await writeFile(join(folder, 'package.json'), '{ "name": "empty", "private": true }');
  await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball]);
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

it('is installed alone, with its licences', async () => {
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as { packages: object };
  expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/millrace-client']);
  const terms = await readFile(join(folder, 'node_modules/millrace-client/THIRD-PARTY-LICENSES.txt'), 'utf8');
  expect(terms).toMatch(/^socket\.io-client \d/m);
});

it.each([
  ['imported as an ES module', 'main.mjs', `import { createClient, MillraceError } from 'millrace-client';`],
  ['required as CommonJS', 'main.cjs', `const { createClient, MillraceError } = require('millrace-client');`],
])('sends an event when %s in Node, which then ends by itself', async (_, file, head) => {
  const before = server.requests.length;
  await writeFile(join(folder, file), program(head));
  expect(await run(process.execPath, [file])).toBe('sent function\n');
  expect(server.requests.slice(before).flat()).toMatchObject([{ event: 'installed' }]);
});

it.each([
  ['asked.mjs', `import { createQueryClient } from 'millrace-client/query';`],
  ['asked.cjs', `const { createQueryClient } = require('millrace-client/query');`],
])('asks by its second module: %s', async (file, head) => {
  const ask = `createQueryClient({ url: 'http://127.0.0.1:9' }).events()`;
  await writeFile(join(folder, file), `${head}\n${ask}.catch((error) => console.log(error.name));\n`);
  expect(await run(process.execPath, [file])).toBe('TypeError\n');
});

it('runs from a bundle', async () => {
  const before = server.requests.length;
  const head = `import { createClient, MillraceError } from 'millrace-client';`;
  await writeFile(join(folder, 'entry.mjs'), program(head));
  const lib = { entry: 'entry.mjs', formats: ['es' as const], fileName: 'bundle' };
  const output = { outDir: 'bundled', lib };
  await build({ root: folder, configFile: false, logLevel: 'silent', build: output });
  expect(await run(process.execPath, ['bundled/bundle.mjs'])).toBe('sent function\n');
  expect(server.requests.slice(before).flat()).toHaveLength(1);
});

it.each([
  ['nodenext', 'nodenext', 'typed.mts'],
  ['nodenext', 'nodenext', 'typed.cts'],
  ['esnext', 'bundler', 'typed.ts'],
])(
  'has types under strict TypeScript: module %s, resolution %s, %s',
  async (module, moduleResolution, name) => {
    const head = `import { createClient, type ViewSubscription } from 'millrace-client';`;
    await writeFile(join(folder, name), `${head}${TYPED}`);
    expect(await compile([name], { module, moduleResolution, lib: ['es2024', 'dom'], types: [] })).toBe('');
  },
);

it('compiles the examples of SDK.md, with the package in place of the copy', async () => {
  const names = EXAMPLES.map((_, i) => `example-${i}.mts`);
  for (const [i, name] of names.entries())
    await writeFile(
      join(folder, name),
      EXAMPLES[i]!.replaceAll("'./client.js'", "'millrace-client'").replaceAll(
        "'./query.js'",
        "'millrace-client/query'",
      ),
    );
  const types = { types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] };
  const options = {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    lib: ['es2024', 'dom', 'dom.iterable'],
  };
  expect(names.length).toBeGreaterThan(4);
  expect(await compile(names, { ...options, ...types })).toBe('');
});

/** What the compiler has to say; the declarations are checked as well. */
async function compile(files: readonly string[], options: object): Promise<string> {
  const compilerOptions = { strict: true, noEmit: true, target: 'es2024', skipLibCheck: false, ...options };
  const project = { compilerOptions, files };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
  return run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder]);
}
