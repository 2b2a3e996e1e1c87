import type { Environment } from './environment.ts';

/** Characters of an answer at most; Millrace's own are far smaller, and a proxy may send without end. */
const MOST_CHARS = 2_000_000;

/** A longer `Retry-After` is cut to this, ms. */
const LONGEST_AFTER = 600_000;

export interface TextAnswer {
  status: number;
  /** `Retry-After` in ms; 0 where it cannot be read. */
  after: number;
  text: string;
}

/**
 * Returns the answer as a text; null where it is not complete within `ms`, or too long. That holds even for a `fetch` that ignores
 * its signal, such as one that the app has replaced.
 */
export function fetchText(
  target: URL,
  request: RequestInit,
  ms: number,
  env: Environment,
): Promise<TextAnswer | null> {
  const stop = new AbortController();
  return new Promise((resolve) => {
    const cancel = env.after(ms, () => {
      resolve(null);
      stop.abort();
    });
    const read = async (): Promise<TextAnswer | null> => {
      const answer = await env.fetch(target, { ...request, signal: stop.signal });
      const after = readAfter(answer, env.clock());
      const text = await readText(answer);
      return text === null ? null : { status: answer.status, after, text };
    };
    read()
      .catch(() => null)
      .finally(cancel)
      .then(resolve);
  });
}

/** Seconds, or a date. */
export function readAfter({ headers }: Response, now: number): number {
  const text = headers.get('retry-after');
  const seconds = Number(text);
  const wait = Number.isNaN(seconds) ? Date.parse(String(text)) - now : seconds * 1_000;
  return wait > 0 ? Math.min(wait, LONGEST_AFTER) : 0;
}

/** Returns null where it is longer than `most`. */
export async function readText(answer: Response, most = MOST_CHARS): Promise<string | null> {
  // An empty answer has no stream, nor has any where the platform has none.
  if (!answer.body) return answer.text();
  const decoder = new TextDecoder();
  const reader = answer.body.getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > most) {
      await reader.cancel();
      return null;
    }
  }
}
