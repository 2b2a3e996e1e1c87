import { type ErrorCode, MillraceError } from '#contracts/errors.ts';
import type { Environment } from './environment.ts';
import { isRecord } from './read-frame.ts';

const ANSWER_WITHIN = 30_000;
/** Longer than this no `Retry-After` is believed, ms. */
const LONGEST_AFTER = 600_000;

export type PostOutcome =
  /** Durable, but for the refused ones. */
  | { kind: 'answered'; refused: { index: number; error: MillraceError }[] }
  /** Not stored, or not known to be: the same again after `after` ms. */
  | { kind: 'unavailable'; after: number }
  /** `denied`: the key does not allow it, or there is none. */
  | { kind: 'too-large' | 'denied' | 'refused'; error: MillraceError };

/** Where events go. `sent_at` lets the server correct a wrong local clock. */
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
    // Sent, it would fail as a server does that is away.
    const message = 'A key is of letters, digits and signs, without spaces.';
    return { kind: 'denied', error: fault('invalid_key', message) };
  }
  const target = postTarget(url, env);
  let status: number;
  let after: number;
  let body: unknown;
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN);
    const text = `[${events.join(',')}]`;
    const answer = await env.fetch(target, { method: 'POST', body: text, headers: keyHeader(key), signal });
    status = answer.status;
    after = Number(answer.headers.get('retry-after') ?? 0) * 1_000;
    body = await answer.json().catch(() => null);
  } catch {
    return { kind: 'unavailable', after: 0 };
  }
  const problem = isRecord(body) ? body : {};
  // Where every event was refused, a problem carries the account.
  if (typeof problem.accepted === 'number' && Array.isArray(problem.errors))
    return { kind: 'answered', refused: refusals(problem.errors) };
  const { code, detail } = problem;
  const error = fault(code, typeof detail === 'string' ? detail : `POST ${target.href} answered ${status}.`);
  // A host that is not the server's is nothing that another key could mend.
  if (status === 401 || (status === 403 && code !== 'forbidden_host')) return { kind: 'denied', error };
  if (status === 413) return { kind: 'too-large', error };
  if (status === 429 || status >= 500 || status === 200)
    return { kind: 'unavailable', after: after > 0 ? Math.min(after, LONGEST_AFTER) : 0 };
  return { kind: 'refused', error };
}

function refusals(errors: readonly unknown[]): { index: number; error: MillraceError }[] {
  return errors.filter(isRecord).map((e) => ({
    index: Number(e.index),
    error: fault(e.code, String(e.message), typeof e.field === 'string' ? e.field : undefined),
  }));
}

/** A newer server may have codes that are not in the list of this client: they are passed on as they are. */
function fault(code: unknown, message: string, field?: string): MillraceError {
  return new MillraceError({
    code: typeof code === 'string' ? (code as ErrorCode) : 'internal',
    message,
    field,
  });
}
