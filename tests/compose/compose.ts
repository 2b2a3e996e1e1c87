import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..');
/** A project of its own: never the containers or the data of a stack in use. */
const PROJECT = 'millrace-stand-ins';
const PROFILES = ['--profile', 'demo', '--profile', 'metrics'];
const ask = promisify(execFile);

/** The address of the proxy, with the port that docker-compose.yml publishes. */
export const URL_OF_STACK = `http://localhost:${process.env.MILLRACE_PUBLISH || 8080}`;

export const REPLICATED = ['ingest', 'aggregator', 'gateway'] as const;
export type Service = (typeof REPLICATED)[number] | 'kafka' | 'clickhouse' | 'proxy' | 'demo' | 'prometheus';

/** Variables that docker-compose.yml knows, as a .env file would set them. */
export type StackSettings = Readonly<Record<string, string>>;

/** What `docker-compose` prints; rejects with what it says when it fails. */
export const compose = (...args: readonly string[]): Promise<string> => composeWith({}, ...args);

async function composeWith(settings: StackSettings, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...settings, DOCKER_BUILDKIT: '0', COMPOSE_DOCKER_CLI_BUILD: '0' };
  const all = ['--project-name', PROJECT, ...PROFILES, ...args];
  return (await ask('docker-compose', all, { cwd: ROOT, env, maxBuffer: 1e8 })).stdout;
}

export const docker = async (...args: readonly string[]): Promise<string> =>
  (await ask('docker', args, { maxBuffer: 1e8 })).stdout.trim();

/** Starts these services, two replicas of each of ours, with the image that was built. */
export const start = (...services: readonly Service[]): Promise<string> => startWith({}, ...services);

/** The same with settings; what runs with others is replaced. */
export const startWith = (settings: StackSettings, ...services: readonly Service[]): Promise<string> =>
  composeWith(
    settings,
    ...['up', '-d', '--no-build', ...REPLICATED.flatMap((of) => ['--scale', `${of}=2`]), ...services],
  );

const ALL: readonly Service[] = [...REPLICATED, 'kafka', 'clickhouse', 'proxy', 'demo', 'prometheus'];

/** Ids of the containers of a service; without one of all that go on running: that of `settings` has ended. */
export const containersOf = async (...service: readonly Service[]): Promise<string[]> =>
  (await compose('ps', '-q', ...(service.length > 0 ? service : ALL))).split('\n').filter((id) => id !== '');

export const inspect = (id: string, format: string): Promise<string> =>
  docker('inspect', '--format', format, id);

/** Ends the process of a container from outside, as a crash would: the engine does not know that it was meant. */
export async function crash(id: string): Promise<void> {
  process.kill(Number(await inspect(id, '{{.State.Pid}}')), 'SIGKILL');
}
