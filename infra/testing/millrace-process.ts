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
}

export interface ProcessOptions {
  data: string;
  port: number;
  args?: string[];
  env?: Record<string, string>;
}

/** Starts the real embedded process and waits until it says that it is ready. */
export async function startMillrace({
  data,
  port,
  args = [],
  env = {},
}: ProcessOptions): Promise<MillraceProcess> {
  const child = spawn(process.execPath, ['embedded/main.ts', ...args], {
    cwd: ROOT,
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
  const url = await readyUrl(child, () => output);
  return {
    url,
    pid: child.pid!,
    output: () => output,
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
  });
}
