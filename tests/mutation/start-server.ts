import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../testing/eventually.ts';

export interface MutationServer {
  url: string;
  /** Bytes in use after a collection of garbage. */
  heap(): Promise<number>;
  /** The code of every record of the `rejected` topic. */
  rejected(): Promise<string[]>;
  /** The value of a measurement at /metrics, summed over its labels, or over the lines with one of them (`of="event"`). */
  measured(name: string, label?: string): Promise<number>;
  /** How it ended, and what it printed; null while it runs. */
  ended(): string | null;
  /** What it logged as an error. */
  output(): string;
  close(): Promise<void>;
}

/** Starts mutated-server.ts in a process of its own, so that its end and its memory are separate from the test's. */
export async function startServer(): Promise<MutationServer> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-mutation-'));
  const child = fork(join(import.meta.dirname, 'mutated-server.ts'), [folder], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  let ended: string | null = null;
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  child.on('exit', (code, signal) => {
    ended = `It ended with ${code ?? signal}:\n${output}`;
    for (const { reject } of waiting.values()) reject(new Error(ended));
  });
  child.on('message', (message: { call?: number; answer?: unknown }) => {
    if (message.call !== undefined) waiting.get(message.call)!.resolve(message.answer);
  });
  let calls = 0;
  const ask = <T>(what: string): Promise<T> =>
    new Promise((resolve, reject) => {
      if (ended !== null) return reject(new Error(ended));
      waiting.set(++calls, { resolve: resolve as (answer: unknown) => void, reject });
      child.send({ call: calls, ask: what });
    });
  const first = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  const { url } = first[0] as { url?: string };
  if (url === undefined) throw new Error(ended ?? 'It ended.');
  await eventually(
    async () => (await fetch(`${url}/ready`)).status,
    (status) => status === 200,
  );
  return {
    url,
    heap: () => ask('heap'),
    rejected: () => ask('rejected'),
    measured: async (name, label = '') => sumOf(await (await fetch(`${url}/metrics`)).text(), name, label),
    ended: () => ended,
    output: () => output,
    async close() {
      if (ended === null) {
        const exited = once(child, 'exit');
        await ask('close');
        await exited;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const sumOf = (text: string, name: string, label: string): number =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .filter((line) => line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
