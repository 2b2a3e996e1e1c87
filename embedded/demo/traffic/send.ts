import { backoffDelay } from '#contracts/backoff.ts';
import { MillraceError } from '#contracts/errors.ts';
import type { DemoEvent } from './shop.ts';

const ATTEMPTS = 8;
const PAUSE = { first: 200, most: 5_000, random: Math.random };

/** The public HTTP API as a guest uses it: definitions in, events in. Ids make the repeats harmless. */
export interface Sender {
  /** Defines what does not exist yet: an existing one of the same name may be a user's own. */
  define(path: string, body: unknown): Promise<void>;
  /** Resolves when the events are durable. */
  post(events: readonly DemoEvent[]): Promise<void>;
}

/** `key`: of scope admin; empty where none is needed. */
export function createSender(url: string, key: string, signal: AbortSignal): Sender {
  const headers: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` };
  const request = (path: string, method: string, body: string, own: Record<string, string>) =>
    retry(`${method} ${url}${path}`, signal, () =>
      fetch(`${url}${path}`, { method, body, signal, headers: { ...headers, ...own } }),
    );
  return {
    define: (path, body) =>
      request(path, 'PUT', JSON.stringify(body), {
        'content-type': 'application/json',
        'if-none-match': '*',
      }),
    post: (events) =>
      request('/v1/events', 'POST', events.map((event) => JSON.stringify(event)).join('\n'), {
        'content-type': 'application/x-ndjson',
      }),
  };
}

async function retry(what: string, signal: AbortSignal, call: () => Promise<Response>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await once(signal, call);
    if (outcome === null) return;
    if (!outcome.retry || attempt === ATTEMPTS || signal.aborted)
      throw new MillraceError({ code: 'internal', message: `The demo's ${what} failed: ${outcome.text}` });
    await sleep(backoffDelay(attempt, PAUSE), signal);
  }
}

/** Null when it went well, else what came back and whether to try again. */
async function once(
  signal: AbortSignal,
  call: () => Promise<Response>,
): Promise<{ retry: boolean; text: string } | null> {
  try {
    const response = await call();
    const text = await response.text();
    // 412: what was to be defined is there.
    return response.ok || response.status === 412
      ? null
      : { retry: response.status >= 500 || response.status === 429, text: text.slice(0, 500) };
  } catch (error) {
    return { retry: !signal.aborted, text: (error as Error).message };
  }
}

/** Resolves early when the signal is aborted; the caller checks it next. */
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
