import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Cursor } from '#contracts/view/frame.ts';
import type { Refusal } from '#contracts/view/protocol.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';

/** Group, its values joined by commas → window start → values. */
export type Contents = Record<string, Record<string, (number | null)[]>>;

/** What the Python client says, one line each. */
export type News =
  | { kind: 'asked'; cursor: Cursor | null }
  | { kind: 'answer' | 'frame'; outcome: string; snapshot: boolean; cursor: Cursor; contents: Contents }
  | { kind: 'series'; contents: Contents }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'beat' | 'notice' };

export interface Follower {
  readonly news: readonly News[];
  /** What it holds now; without cells that say nothing, zero or null, since HTTP fills the windows that have none. */
  contents(): Contents;
  /** Its output on stderr. */
  errors(): string;
  /** Resolves with the exit code, also when it exits on its own. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts the Python client on one view; with `http` it reads that once and ends. `key`: for a Millrace that needs one. */
export function startFollower(
  python: string,
  url: string,
  request: ViewRequest,
  client: 'sync' | 'asyncio' | 'http',
  transport = 'any',
  key?: string,
): Follower {
  const args = ['-m', 'millrace', url, JSON.stringify(request), '--client', client, '--transport', transport];
  const child = spawn(python, args, {
    cwd: import.meta.dirname,
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      ...(key === undefined ? {} : { MILLRACE_KEY: key }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const news: News[] = [];
  let errors = '';
  createInterface(child.stdout).on('line', (line) => news.push(JSON.parse(line) as News));
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    news,
    contents: () => withoutEmpty(news.findLast((n) => 'contents' in n)?.contents ?? {}),
    errors: () => errors,
    ended,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function withoutEmpty(contents: Contents): Contents {
  const rows = Object.entries(contents).map(
    ([group, cells]) => [group, Object.entries(cells).filter(([, values]) => values.some(Boolean))] as const,
  );
  return Object.fromEntries(
    rows.filter(([, cells]) => cells.length > 0).map(([group, cells]) => [group, Object.fromEntries(cells)]),
  );
}
