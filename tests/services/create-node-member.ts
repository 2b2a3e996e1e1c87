import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { awaitReady } from './await-ready.ts';
import type { Member, Part } from './member.ts';
import type { Guard } from './start-guard.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OUTPUT_KEPT = 64_000;
const ANSWER_WITHIN = 2_000;

export interface NodeMemberOptions {
  part: Part;
  name: string;
  port: number;
  /** The main file and its arguments, from the root of the project. */
  args: readonly string[];
  env: Record<string, string>;
  /** The path that returns 200 when the process serves. */
  readyPath: string;
  guard: Guard;
}

/** A process that Node runs, as a member of a stack; not started yet. */
export function createNodeMember(options: NodeMemberOptions): Member {
  const { part, name, port, readyPath } = options;
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  let paused = false;
  let output = '';
  const unasked: string[] = [];
  const asked = new WeakSet<ChildProcess>();

  const note = (text: string): void => {
    output = (output + text).slice(-OUTPUT_KEPT);
  };
  const ended = (of: ChildProcess, how: string): void => {
    if (!asked.has(of)) unasked.push(`${new Date().toISOString()} ${name} ended with ${how}`);
    note(`--- ${new Date().toISOString()} ended with ${how}\n`);
    if (child === of) child = null;
    options.guard.ended(of.pid!);
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const ending = child;
    if (ending === null) return null;
    asked.add(ending);
    const gone = once(ending, 'exit') as Promise<[number | null, string | null]>;
    member.resume();
    ending.kill(signal);
    return (await gone)[0];
  };
  const member: Member = {
    part,
    name,
    url,
    unasked,
    get state() {
      if (child === null) return 'gone';
      return paused ? 'paused' : 'running';
    },
    kill9: async () => void (await end('SIGKILL')),
    pause: () => {
      paused = child?.kill('SIGSTOP') ?? false;
    },
    resume: () => {
      child?.kill('SIGCONT');
      paused = false;
    },
    stop: () => end('SIGTERM'),
    async start() {
      await end('SIGKILL');
      note(`--- ${new Date().toISOString()} started\n`);
      child = launch(options, note, ended);
    },
    async restart() {
      await member.start();
      await member.untilReady();
    },
    missing: () => (child === null ? Promise.resolve('it does not run') : askReady(`${url}${readyPath}`)),
    untilReady: (within) => awaitReady(member, within),
    output: () => output,
  };
  return member;
}

function launch(
  { args, env, guard }: NodeMemberOptions,
  note: (text: string) => void,
  ended: (child: ChildProcess, how: string) => void,
): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (chunk) => note(String(chunk)));
  child.stderr.on('data', (chunk) => note(String(chunk)));
  child.once('exit', (code, signal) => ended(child, `${code ?? signal}`));
  guard.started(child.pid!);
  return child;
}

async function askReady(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN) });
    const body = await response.text();
    return response.status === 200 ? null : `${response.status}: ${body.slice(0, 500)}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? `${message}: ${cause.message}` : message;
  }
}
