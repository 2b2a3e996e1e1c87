import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Ask, Measured } from './fan-out-serve.ts';
import type { Received } from './fan-out-socket.ts';

const SUBSCRIBE = { request: { metric: 'load', range: '1m' } };
const WARM_UP = 700;
const DRAIN = 300;
const TASKSET = '/usr/bin/taskset';
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const children = new Set<ChildProcess>();
// SIGKILL, because it also ends a process that is halted.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

export interface Sent {
  framesPerSecond: number;
  /** CPU of the server's process for each message it delivered, beats included. */
  cpuMicrosPerFrame: number;
  delayP99Ms: number;
  delayMaxMs: number;
  /** Of a core: near 1 the load, not the server, is what is measured. */
  loadCpu: number;
  frameBytes: number;
}

/** A server and the process that holds its clients. */
export interface Side {
  readonly name: string;
  open(sockets: number): Promise<void>;
  /** Sends all sockets a frame every `every` ms, for `seconds` seconds. */
  send(every: number, seconds: number): Promise<Sent>;
  measure(): Promise<Measured>;
  /** Halts both processes while another side is measured. */
  halt(): void;
  goOn(): Promise<void>;
  close(): void;
}

export interface SideOptions {
  kind: 'gateway' | 'plain';
  /** Further arguments of the server, and of the Node that runs it. */
  args?: string[];
  nodeArgs?: string[];
}

/** Starts both processes: server on the first core, load on the second, where that can be said. */
export async function startSide({ kind, args = [], nodeArgs = [] }: SideOptions): Promise<Side> {
  const server = run(0, `fan-out-${kind}.ts`, args, nodeArgs);
  const { listening } = await answer<{ listening: number }>(server);
  const load = run(1, 'fan-out-load.ts', [
    String(listening),
    JSON.stringify(kind === 'gateway' ? SUBSCRIBE : null),
  ]);
  await answer(load);
  const ask = <T = object>(question: Ask): Promise<T> => answer<T>(server, question);
  const count = (): Promise<Received & { cpu: number }> => answer(load, {});
  return {
    name: kind,
    open: async (sockets) => void (await answer(load, { open: sockets })),
    async send(every, seconds) {
      const [before] = await Promise.all([count(), ask({ mark: true })]);
      await ask({ begin: { every } });
      await pause(WARM_UP);
      const from = await count();
      const begun = performance.now();
      await pause(seconds * 1_000);
      const to = await count();
      const took = performance.now() - begun;
      await ask({ end: true });
      const after = await settled(count);
      const { cpu, delayP99, delayMax } = await ask<Measured>({ measure: true });
      // The rate is that of a while in the middle; the CPU is that of all that was sent, to the last acknowledgement.
      const messages = after.messages - before.messages;
      return {
        framesPerSecond: (to.messages - from.messages) / (took / 1_000),
        cpuMicrosPerFrame: cpu / messages,
        delayP99Ms: delayP99,
        delayMaxMs: delayMax,
        loadCpu: (to.cpu - from.cpu) / (took * 1_000),
        frameBytes: (after.bytes - before.bytes) / messages,
      };
    },
    measure: () => ask<Measured>({ measure: true }),
    halt() {
      for (const child of [server, load]) child.kill('SIGSTOP');
    },
    async goOn() {
      for (const child of [load, server]) child.kill('SIGCONT');
      await pause(DRAIN);
    },
    close() {
      for (const child of [server, load]) child.kill('SIGKILL');
    },
  };
}

function run(core: number, file: string, args: string[], nodeArgs: string[] = []): ChildProcess {
  const command = [process.execPath, ...nodeArgs, join(import.meta.dirname, file), ...args];
  const pinned = existsSync(TASKSET) ? [TASKSET, '-c', String(core), ...command] : command;
  const child = spawn(pinned[0]!, pinned.slice(1), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Counts again until only heartbeats arrive. */
async function settled<T extends Received>(count: () => Promise<T>): Promise<T> {
  let last = await count();
  for (;;) {
    await pause(DRAIN);
    const now = await count();
    if (now.frames === last.frames) return now;
    last = now;
  }
}

/** Sends a child a request and resolves with its next message; one request at a time. */
function answer<T>(child: ChildProcess, question?: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`A process of the benchmark ended with ${code}.`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
    if (question !== undefined) child.send(question);
  });
}
