import { isRecord } from '#contracts/is-record.ts';
import { SCOPES, type Scope } from '#contracts/key.ts';
import type { RejectedRecord } from '#contracts/log/rejected-record.ts';
import { EVENT_VERDICT, type EventPosition, type EventVerdict } from '#contracts/metric/verdict.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import { nullable, type Schema, type Static } from '#contracts/schema/schema.ts';
import { createArchiveApi } from '../app/archive-api.ts';
import { ApiError, type Ask } from '../app/ask.ts';

/** What Connect asks about single events, and about the key that the page sends. */
export interface ConnectApi {
  /** The newest of what was refused. */
  rejected(limit: number): Promise<readonly RejectedRecord[]>;
  /** What became of the event at a position; null while it is not in the archive, and for a repeat, which never is. */
  verdictAt(position: EventPosition): Promise<EventVerdict | null>;
  /** What would become of an event if it was sent now. */
  verdictOf(event: object): Promise<EventVerdict>;
  /** What the page's key may do. */
  ownKey(): Promise<OwnKey>;
  /** Sends an event with a key, or with that of the page where it is null. */
  sendEvent(event: object, key: string | null): Promise<void>;
}

export interface OwnKey {
  /** Null where none is sent, and none is needed. */
  id: string | null;
  scope: readonly Scope[];
}

const OWN_KEY = {
  type: 'object',
  required: ['id', 'scope'],
  properties: {
    id: nullable({ type: 'string' }),
    scope: { type: 'array', items: { type: 'string', enum: SCOPES } },
  },
} as const satisfies Schema;

export function createConnectApi(ask: Ask): ConnectApi {
  const archive = createArchiveApi(ask);
  return {
    rejected: async (limit) => (await archive.rejected({ limit })).rejected,
    verdictAt: ({ partition, offset, index }) =>
      archive.verdict({ position: `${partition}:${offset}:${index}` }),
    async verdictOf(event) {
      const { body } = await ask('/v1/events/verdict', { method: 'POST', body: event });
      return read(EVENT_VERDICT, body, 'POST /v1/events/verdict');
    },
    ownKey: async () => read(OWN_KEY, (await ask('/v1/key')).body, 'GET /v1/key'),
    async sendEvent(event, key) {
      const asked = { method: 'POST', body: event, ...(key === null ? {} : { key }) };
      const { body } = await ask('/v1/events', asked);
      if (!isRecord(body) || body.accepted !== 1)
        throw new ApiError('POST /v1/events: expected an answer that accounts for the event.');
    },
  };
}

function read<const S extends Schema>(schema: S, body: unknown, of: string): Static<S> {
  const result = readAs(schema, body, { code: 'invalid_message', of });
  if (!result.ok) throw new ApiError(result.fault.message);
  return result.value;
}
