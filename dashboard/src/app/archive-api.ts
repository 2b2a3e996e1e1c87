import type { EventPage } from '#contracts/event/event-page.ts';
import type { RejectedPage } from '#contracts/log/rejected-record.ts';
import type { EventVerdict } from '#contracts/metric/verdict.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema, Static } from '#contracts/schema/schema.ts';
import { ApiError, type Ask } from './ask.ts';

/** Which archived events a page is of; what is absent or null keeps none out. */
export interface EventsAsked {
  /** Epoch ms; `to` is not in it. */
  from?: number | undefined;
  to?: number | undefined;
  event?: string | null;
  key?: string | null;
  id?: string | null;
  /** A filter as text; the empty one is none. */
  where?: string;
  limit?: number;
  cursor?: string | null;
}

/** Which events a verdict is about: at a position (partition:offset:index), or the newest with an id and key. */
export type VerdictAsked = { position: string } | { id: string; key: string | null };

/** What the page asks about single events. */
export interface ArchiveApi {
  /** A page of archived events, newest first. */
  events(asked: EventsAsked): Promise<EventPage>;
  /** What every metric made of the newest event that is meant; null when none is archived. */
  verdict(asked: VerdictAsked): Promise<EventVerdict | null>;
  /** A page of what was refused, newest first. */
  rejected(asked: { limit?: number; code?: string; cursor?: string | null }): Promise<RejectedPage>;
}

/** What an answer has to be is loaded beside the first one. */
export function createArchiveApi(ask: Ask): ArchiveApi {
  return {
    async events(asked) {
      const loading = import('#contracts/event/event-page.ts');
      const path = address('/v1/events', { ...asked });
      const [{ body }, { EVENT_PAGE }] = await Promise.all([ask(path), loading]);
      return readBody(EVENT_PAGE, path, body);
    },
    async verdict(asked) {
      const loading = import('#contracts/metric/verdict.ts');
      const path = address('/v1/events/verdict', asked);
      const [{ status, body }, { VERDICTS_ANSWER }] = await Promise.all([ask(path), loading]);
      return status === 404 ? null : (readBody(VERDICTS_ANSWER, path, body).verdicts[0] ?? null);
    },
    async rejected(asked) {
      const loading = import('#contracts/log/rejected-record.ts');
      const path = address('/v1/rejected', asked);
      const [{ body }, { REJECTED_PAGE }] = await Promise.all([ask(path), loading]);
      return readBody(REJECTED_PAGE, path, body);
    },
  };
}

function readBody<const S extends Schema>(schema: S, path: string, body: unknown): Static<S> {
  const answer = readAs(schema, body, { code: 'invalid_message', of: `GET ${path}` });
  if (!answer.ok) throw new ApiError(answer.fault.message);
  return answer.value;
}

function address(path: string, asked: Readonly<Record<string, string | number | null | undefined>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(asked))
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  return params.size === 0 ? path : `${path}?${params}`;
}
