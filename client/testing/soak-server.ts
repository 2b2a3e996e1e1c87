import type { PostAnswer } from '#contracts/event/event.ts';
import { problemOf } from '#platform/http/refusals/problem.ts';
import type { SentEvent } from './events-server.ts';
import type { Fault } from './soak-faults.ts';

/** Accepts events as ingest does, behind the faults that requests meet; without a network, so that time can be fake. */
export interface SoakServer {
  readonly fetch: typeof fetch;
  /** How often each event was stored, by its id, and counted once. */
  readonly stored: Map<string, number>;
  /** The faults that the next requests meet; once none is left, requests succeed. */
  faults: Fault[];
  requests: number;
}

/** Errors that an answer lists, so few that some are left out. */
const LISTED = 3;

/** `after` is the fake clock's, so that slow responses take their time. */
export function createSoakServer(after: (ms: number, call: () => void) => unknown): SoakServer {
  const stored = new Map<string, number>();
  const store = (text: string): Response => {
    const events = JSON.parse(text) as SentEvent[];
    const bad = events.map((event, index) => ({ event, index })).filter(({ event }) => event.event === 'bad');
    for (const { event, id } of events) if (event !== 'bad') stored.set(id, (stored.get(id) ?? 0) + 1);
    const errors = bad.map(({ index, event }) => ({
      index,
      id: event.id,
      code: 'too_deep' as const,
      message: 'No.',
    }));
    return answer(events.length, errors);
  };
  const server: SoakServer = {
    stored,
    faults: [],
    requests: 0,
    fetch: (_, init) => {
      server.requests++;
      const fault = server.faults.shift();
      const text = String(init?.body);
      if (fault === undefined) return Promise.resolve(store(text));
      // A fault may come before the server has the events, or after.
      const real = fault.stores ? store(text) : null;
      return new Promise((resolve, reject) => {
        if (fault.heeds) init?.signal?.addEventListener('abort', () => reject(new Error('Aborted.')));
        after(fault.delay, () => fault.answer(real, text).then(resolve, reject));
      });
    },
  };
  return server;
}

function answer(count: number, errors: PostAnswer['errors']): Response {
  const omitted = errors.length - LISTED;
  const account: PostAnswer = {
    accepted: count - errors.length,
    late: 0,
    duplicates: 0,
    rejected: errors.length,
    errors,
  };
  if (omitted > 0) Object.assign(account, { errors: errors.slice(0, LISTED), omitted });
  if (errors.length < count) return Response.json(account);
  const problem = problemOf({ code: 'too_deep', message: 'All.' });
  return Response.json({ ...problem, ...account }, { status: problem.status });
}
