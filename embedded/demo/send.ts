import { MillraceError } from '#contracts/errors.ts';
import type { DemoEvent } from './shop.ts';

const ATTEMPTS = 8;
const LONGEST_WAIT = 5_000;

/** The public HTTP API as a guest uses it: definitions in, events in. Ids make the repeats harmless. */
export interface Sender {
  define(path: string, body: unknown): Promise<void>;
  /** Resolves when the events are durable. */
  post(events: readonly DemoEvent[]): Promise<void>;
}

export function createSender(url: string, signal: AbortSignal): Sender {
  return {
    define: (path, body) => request(`${url}${path}`, 'PUT', JSON.stringify(body), 'application/json', signal),
    post: (events) =>
      request(
        `${url}/v1/events`,
        'POST',
        events.map((event) => JSON.stringify(event)).join('\n'),
        'application/x-ndjson',
        signal,
      ),
  };
}

async function request(
  url: string,
  method: string,
  body: string,
  type: string,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await once(url, method, body, type, signal);
    if (outcome === null) return;
    if (!outcome.retry || attempt === ATTEMPTS || signal.aborted) {
      throw new MillraceError({
        code: 'internal',
        message: `The demo's ${method} ${url} failed: ${outcome.text}`,
      });
    }
    await sleep(Math.random() * Math.min(LONGEST_WAIT, 100 * 2 ** attempt), signal);
  }
}

/** Null when it went well, else what came back and whether to try again. */
async function once(
  url: string,
  method: string,
  body: string,
  type: string,
  signal: AbortSignal,
): Promise<{ retry: boolean; text: string } | null> {
  try {
    const response = await fetch(url, { method, body, signal, headers: { 'content-type': type } });
    const text = await response.text();
    return response.ok
      ? null
      : { retry: response.status >= 500 || response.status === 429, text: text.slice(0, 500) };
  } catch (error) {
    return { retry: !signal.aborted, text: (error as Error).message };
  }
}

/** Resolves early when the signal says so: whoever waits looks at it next. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
