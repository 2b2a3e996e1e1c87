import { isErrorCode, MillraceError } from '#contracts/errors.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema, Static } from '#contracts/schema/schema.ts';
import { keyHeader } from '../events/send-batch.ts';
import { readText } from '../host/fetch-text.ts';
import type { GivenKey } from '../host/key-source.ts';
import { parseRecord } from '../live/read-messages.ts';

/** How long a request may take, ms. */
const WITHIN = 60_000;
/** Characters of an answer at most: a page of 1,000 large events fits, an answer without end does not. */
const MOST_CHARS = 100_000_000;

export interface Question {
  method?: 'GET' | 'POST' | 'DELETE' | undefined;
  path: string;
  /** A list is given value by value; what is undefined is left out. */
  query?: Readonly<Record<string, string | number | readonly string[] | undefined>> | undefined;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** Asks, and resolves with the answer as what its schema says it is. */
export type Ask = <const S extends Schema>(question: Question, answer: S) => Promise<Static<S>>;

export interface Asked {
  url: URL | string | undefined;
  key: GivenKey;
  fetch: typeof fetch;
}

export function createAsk({ url, key, fetch }: Asked): Ask {
  return async (question, schema) => {
    const { method = 'GET', path, query = {}, body, signal } = question;
    const target = new URL(path, url);
    for (const [name, value] of Object.entries(query))
      for (const one of [value ?? []].flat()) target.searchParams.append(name, String(one));
    const within = AbortSignal.timeout(WITHIN);
    const answer = await fetch(target, {
      method,
      headers: {
        ...keyHeader((typeof key === 'function' ? await key() : key) ?? undefined),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: signal === undefined ? within : AbortSignal.any([within, signal]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const told = parseRecord((await readText(answer, MOST_CHARS)) ?? '');
    const what = `${method} ${target.origin}${target.pathname} answered ${answer.status}`;
    if (!answer.ok) throw refusalOf(told) ?? new Error(`${what}, and not as Millrace does.`);
    const read = readAs(schema, told, { code: 'internal', of: what });
    if (!read.ok) throw new Error(read.fault.message);
    return read.value;
  };
}

/** Returns what Millrace refused; null where a proxy or something else answered. */
function refusalOf({ type, code, detail, field }: Record<string, unknown>): MillraceError | null {
  if (!isErrorCode(code) || type !== `urn:millrace:error:${code}`) return null;
  const message = typeof detail === 'string' ? detail : code;
  return new MillraceError({ code, message, ...(typeof field === 'string' ? { field } : {}) });
}
