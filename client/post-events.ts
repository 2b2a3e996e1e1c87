import { ERRORS, type ErrorCode, MillraceError } from '#contracts/errors.ts';
import type { Environment } from './environment.ts';
import { isRecord } from './read-frame.ts';

const ANSWER_WITHIN = 30_000;
/** Longer than this no `Retry-After` is believed, ms. */
const LONGEST_AFTER = 600_000;

export type PostOutcome =
  /** Durable, but for the refused ones. */
  | { kind: 'answered'; refused: { index: number; error: MillraceError }[] }
  /** Not stored, or not known to be: the same again after `after` ms. */
  | { kind: 'unavailable'; after: number; error: MillraceError }
  | { kind: 'too-large' | 'refused'; error: MillraceError };

/** Where events go. `sent_at` lets the server correct a wrong local clock. */
export function postTarget(url: URL, env: Pick<Environment, 'clock'>): URL {
  const target = new URL('v1/events', url);
  target.searchParams.set('sent_at', String(env.clock()));
  return target;
}

/**
 * POSTs events given as JSON texts. The text goes out as `text/plain`, which the server reads as JSON, since any other
 * type would cost a page of another origin one more request.
 */
export async function postEvents(
  url: URL,
  events: readonly string[],
  env: Environment,
): Promise<PostOutcome> {
  const target = postTarget(url, env);
  let status: number;
  let after: number;
  let body: unknown;
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN);
    const answer = await env.fetch(target, { method: 'POST', body: `[${events.join(',')}]`, signal });
    status = answer.status;
    after = Number(answer.headers.get('retry-after') ?? 0) * 1_000;
    body = await answer.json().catch(() => null);
  } catch (error) {
    return {
      kind: 'unavailable',
      after: 0,
      error: fault('log_unavailable', `POST ${target.href}: ${error}`),
    };
  }
  // Where every event was refused, a problem carries the account.
  if (isRecord(body) && typeof body.accepted === 'number' && Array.isArray(body.errors))
    return { kind: 'answered', refused: refusals(body.errors) };
  const error = fault(
    isRecord(body) ? body.code : null,
    isRecord(body) && typeof body.detail === 'string'
      ? body.detail
      : `POST ${target.href} answered ${status}.`,
  );
  if (status === 413) return { kind: 'too-large', error };
  if (status === 429 || status >= 500 || status === 200)
    return { kind: 'unavailable', after: after > 0 ? Math.min(after, LONGEST_AFTER) : 0, error };
  return { kind: 'refused', error };
}

function refusals(errors: readonly unknown[]): { index: number; error: MillraceError }[] {
  return errors.filter(isRecord).map((e) => ({
    index: Number(e.index),
    error: fault(e.code, String(e.message), typeof e.field === 'string' ? e.field : undefined),
  }));
}

/** A code that this client does not know yet reads as `internal`; the message still tells. */
function fault(code: unknown, message: string, field?: string): MillraceError {
  const known = typeof code === 'string' && Object.hasOwn(ERRORS, code);
  return new MillraceError({ code: known ? (code as ErrorCode) : 'internal', message, field });
}
