import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { resolveJars } from '../../infra/kafka/jars.ts';

const ROOT = join(import.meta.dirname, '..', '..');
export const BASE = 'millrace-stand-in/base';
const ask = promisify(execFile);

/** Fills a folder with what an image's Dockerfile copies. */
type Fill = (context: string) => Promise<void>;

/** In build order: the double is based on the Node image. */
export const IMAGES: readonly { tag: string; folder: string; fill: Fill }[] = [
  { tag: 'node:24.21.0-bookworm-slim', folder: 'node', fill: fillNode },
  { tag: 'apache/kafka:4.4.0', folder: 'kafka', fill: fillKafka },
  { tag: 'clickhouse/clickhouse-server:26.7', folder: 'clickhouse', fill: fillClickHouse },
  { tag: 'haproxy:3.2', folder: 'haproxy', fill: async () => {} },
  { tag: 'prom/prometheus:v3.5.0', folder: 'prometheus', fill: async () => {} },
];

/** Makes the images that docker-compose.yml names, each unless there is one of that name. */
export async function buildImages(): Promise<void> {
  if (!(await exists(BASE))) await makeBase();
  for (const { tag, folder, fill } of IMAGES) {
    if (await exists(tag)) continue;
    console.log(`Building a stand-in for ${tag}.`);
    const context = await mkdtemp(join(tmpdir(), 'millrace-image-'));
    try {
      await cp(join(import.meta.dirname, folder), context, { recursive: true });
      await fill(context);
      await run('docker', ['build', '--quiet', '--tag', tag, context]);
    } finally {
      await rm(context, { recursive: true, force: true });
    }
  }
}

/** Debian's own smallest system, as the package sources of this machine give it. */
async function makeBase(): Promise<void> {
  console.log('Making a base system with debootstrap.');
  const folder = await mkdtemp(join(tmpdir(), 'millrace-base-'));
  try {
    await run('bash', [
      '-c',
      `mirror=$(sed -nE 's/^(URIs: |deb )(\\S+).*/\\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1)
       debootstrap --variant=minbase bookworm "$0" $mirror >/dev/null && tar -C "$0" -c . | docker import - ${BASE} >/dev/null`,
      folder,
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fillNode(context: string): Promise<void> {
  await cp(join(ROOT, 'node_modules', 'node', 'bin', 'node'), join(context, 'node'));
  const npm = await realpath((await ask('which', ['npm'])).stdout.trim());
  await cp(join(dirname(npm), '..'), join(context, 'npm'), { recursive: true, dereference: true });
  await cp('/etc/ssl/certs/ca-certificates.crt', join(context, 'ca-certificates.crt'), { dereference: true });
  const registry = (await ask('npm', ['config', 'get', 'registry'])).stdout.trim();
  await writeFile(join(context, 'npmrc'), `registry=${registry}\n`);
}

async function fillKafka(context: string): Promise<void> {
  await cp(await resolveJars(), join(context, 'libs'), { recursive: true });
}

async function fillClickHouse(context: string): Promise<void> {
  for (const path of ['contracts', 'platform', 'tests/compose/clickhouse', ...ENGINE]) {
    await mkdir(dirname(join(context, path)), { recursive: true });
    await cp(join(ROOT, path), join(context, path), { recursive: true, dereference: true });
  }
  await cp(join(ROOT, 'package.json'), join(context, 'package.json'));
}

/** What the embedded engine consists of. */
const ENGINE = ['chdb', '@chdb', 'koffi', '@koromix', 'node-gyp-build', 'node-addon-api', '@clickhouse'].map(
  (name) => join('node_modules', name),
);

const exists = async (tag: string): Promise<boolean> =>
  ask('docker', ['image', 'inspect', tag]).then(
    () => true,
    () => false,
  );

/** Rejects when the command fails; its output goes to the terminal. */
export function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DOCKER_BUILDKIT: '0', COMPOSE_DOCKER_CLI_BUILD: '0' },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args.join(' ')} ended with ${code}`)),
    );
  });
}
