import { type ErrorCode, MillraceError } from '#contracts/errors.ts';
import { isRecord } from '#contracts/is-record.ts';
import type { Environment } from '../host/environment.ts';
import { fetchText, type TextAnswer } from '../host/fetch-text.ts';
import { parseRecord } from '../live/read-messages.ts';

const ANSWER_WITHIN = 30_000;

export type PostOutcome =
  /** The first `completed` events are durable, but for the refused ones; nothing is known of the others. */
  | { kind: 'answered'; completed: number; refused: Refused[] }
  /**
   * Not stored, or not known to be: send the same again after `after` ms. `foreign`: a proxy or firewall
   * refused the request.
   */
  | { kind: 'unavailable'; after: number; foreign?: boolean }
  /** `denied`: the key does not allow it, or there is none. */
  | { kind: 'too-large' | 'denied' | 'refused'; error: MillraceError };

interface Refused {
  index: number;
  error: MillraceError;
}

/** Returns where events are sent. `sent_at` lets the server correct a wrong local clock. */
export function postTarget(url: URL, env: Pick<Environment, 'clock'>): URL {
  const target = new URL('v1/events', url);
  target.searchParams.set('sent_at', String(env.clock()));
  return target;
}

const fitsHeader = (key: string | undefined): boolean => key === undefined || /^[\x21-\x7e]+$/.test(key);

export const keyHeader = (key: string | undefined): Record<string, string> | undefined =>
  key === undefined ? undefined : { authorization: `Bearer ${key}` };

/**
 * POSTs events given as JSON texts. The text goes out as `text/plain`, which the server reads as JSON, since any other
 * type would cost a page of another origin one more request.
 */
export async function postEvents(
  url: URL,
  events: readonly string[],
  key: string | undefined,
  env: Environment,
): Promise<PostOutcome> {
  if (!fitsHeader(key)) {
    // Sent, it would fail like a server that is away.
    const message = 'A key consists of letters, digits and punctuation, without spaces.';
    return { kind: 'denied', error: fault('invalid_key', message) };
  }
  const target = postTarget(url, env);
  const headers = keyHeader(key);
  const request = {
    method: 'POST',
    body: `[${events.join(',')}]`,
    ...(headers === undefined ? {} : { headers }),
  };
  const answer = await fetchText(target, request, ANSWER_WITHIN, env);
  return answer === null ? { kind: 'unavailable', after: 0 } : judge(answer, events.length, target);
}

/**
 * A proxy may answer in place of Millrace, with any status: only Millrace's own account completes events, and only its own problem
 * details refuse them. Everything else counts as no answer.
 */
function judge({ status, after, text }: TextAnswer, count: number, target: URL): PostOutcome {
  const body = parseRecord(text);
  const account = readAccount(body, count);
  if (account !== null) return account;
  const { code, detail, retry } = body;
  const own = typeof code === 'string' && body.type === `urn:millrace:error:${code}`;
  const message = own && typeof detail === 'string' ? detail : `POST ${target.href} answered ${status}.`;
  const error = fault(own ? code : 'body_too_large', message);
  if (status === 413) return { kind: 'too-large', error };
  if (own && retry === false) {
    // Another key would not help where the host is not the server's.
    const denied = status === 401 || (status === 403 && code !== 'forbidden_host');
    return { kind: denied ? 'denied' : 'refused', error };
  }
  const foreign = !own && status >= 400 && status < 500;
  return { kind: 'unavailable', after, foreign };
}

/**
 * Returns what the answer says of `count` events; null unless it accounts for each of them. Where it leaves errors out (`omitted`), the
 * events behind the last one that it lists are not completed: sent again, the server knows by their ids what it has.
 */
function readAccount(body: Record<string, unknown>, count: number): PostOutcome | null {
  const { accepted, duplicates = 0, rejected, errors, omitted = 0 } = body;
  if (!isCount(accepted) || !isCount(duplicates) || !isCount(rejected) || !isCount(omitted)) return null;
  if (!Array.isArray(errors)) return null;
  const refused = errors.filter(isRecord).map(readRefused);
  const places = new Set(refused.map(({ index }) => index).filter((i) => i >= 0 && i < count));
  const complete = accepted + duplicates + rejected === count && places.size === errors.length;
  if (!complete || errors.length + omitted !== rejected) return null;
  const completed = omitted === 0 ? count : Math.max(-1, ...places) + 1;
  if (completed > 0) return { kind: 'answered', completed, refused };
  // Smaller requests have errors that fit.
  return {
    kind: 'too-large',
    error: fault(body.code, 'The event was refused without a reason.'),
  };
}

const isCount = (n: unknown): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;

/** An error that does not say which event it is about gets an index that no event has. */
const readRefused = (e: Record<string, unknown>): Refused => ({
  index: isCount(e.index) ? e.index : -1,
  error: fault(e.code, String(e.message), typeof e.field === 'string' ? e.field : undefined),
});

const fault = (code: unknown, message: string, field?: string): MillraceError =>
  new MillraceError({
    code: isCode(code) ? code : 'internal',
    message,
    ...(field === undefined ? {} : { field }),
  });

/** A newer server may have codes that are not in the list of this client: they are passed on as they are. */
const isCode = (code: unknown): code is ErrorCode => typeof code === 'string';

/** Browsers take 64 KiB for a page that goes away; this leaves room for what else is on its way. */
const MOST_BYTES = 60_000;

/** Returns events as bodies of at most 60 KB each, oldest first. A larger event is left out: no browser sends it. */
export function beaconBodies(events: readonly string[]): string[] {
  const encoder = new TextEncoder();
  const bodies: string[][] = [];
  let room = 0;
  for (const event of events) {
    const bytes = encoder.encode(event).length + 1;
    if (bytes + 1 > MOST_BYTES) continue;
    if (bytes > room) {
      bodies.push([]);
      room = MOST_BYTES - 1;
    }
    bodies.at(-1)!.push(event);
    room -= bytes;
  }
  return bodies.map((body) => `[${body.join(',')}]`);
}
