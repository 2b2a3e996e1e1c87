import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const READY = /Millrace is ready at (\S+)/;

export interface MillraceProcess {
  url: string;
  pid: number;
  /** kill −9, as a crash or a power cut would. Resolves when it is gone; idempotent. */
  kill(): Promise<void>;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** What it has printed, both streams. */
  output(): string;
  /** How it ended: its exit code, or the signal; null while it runs. */
  ended(): number | string | null;
}

export interface ProcessOptions {
  data: string;
  port: number;
  args?: string[];
  env?: Record<string, string>;
  /** Options of Node itself, such as a bound of its heap. */
  nodeOptions?: string[];
  /** The core that it may run on; any by default. Needs taskset. */
  core?: number;
  /** ms after which one that is not ready is killed; for ever by default. */
  readyWithin?: number;
  /** The checkout whose process is started; this one by default. */
  code?: string;
}

/** Starts the real embedded process and waits until it says that it is ready. */
export async function startMillrace({
  data,
  port,
  args = [],
  env = {},
  nodeOptions = [],
  core,
  readyWithin,
  code = ROOT,
}: ProcessOptions): Promise<MillraceProcess> {
  const pinned = core === undefined ? [] : ['taskset', '-c', String(core)];
  const [command, ...words] = [...pinned, process.execPath, ...nodeOptions, 'embedded/main.ts', ...args];
  const child = spawn(command!, words, {
    cwd: code,
    env: {
      ...process.env,
      MILLRACE_DATA: data,
      MILLRACE_PORT: String(port),
      MILLRACE_LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  const overdue = readyWithin === undefined ? null : setTimeout(() => child.kill('SIGKILL'), readyWithin);
  const url = await readyUrl(child, () => output).finally(() => clearTimeout(overdue ?? undefined));
  return {
    url,
    pid: child.pid!,
    output: () => output,
    ended: () => child.exitCode ?? child.signalCode,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGINT');
      const [code] = await exited;
      return code;
    },
  };
}

function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const match = READY.exec(output());
      if (match !== null) resolve(match[1]!);
    };
    child.stdout!.on('data', look);
    child.on('exit', (code, signal) => reject(new Error(`It ended with ${code ?? signal}:\n${output()}`)));
    child.on('error', reject);
  });
}
