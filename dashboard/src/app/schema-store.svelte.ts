import { readAs } from '#contracts/schema/read-as.ts';
import type { SchemaAnswer } from '#contracts/view/schema-result.ts';
import { ApiError, type Ask } from './ask.ts';

/** What is known of the events of one name. */
export type EventFacts = SchemaAnswer['events'][number];

/**
 * Which events there are and what they are like, kept in the page: whoever completes what is typed reads it at once, and
 * it is renewed behind.
 */
export interface SchemaStore {
  /** Names with their counts, the most frequent first; null before the first answer. */
  readonly answer: SchemaAnswer | null;
  /** Why it could not be read the last time. */
  readonly fault: string | null;
  /** The facts of a name, in depth where it was looked at; null where it was never seen. */
  eventOf(name: string): EventFacts | null;
  /** Asks for a name in depth. What was asked for in the last half minute is not asked for again. */
  look(name: string): void;
  /** Renews it while somebody follows. Returns a function that stops it. */
  follow(): () => void;
}

/** How often it is renewed, ms. The server's own facts may be 5 s old. */
const EVERY = 15_000;
/** How long facts in depth are good enough, ms, and of how many names they are kept. */
const DEPTH = { ms: 30_000, most: 20 };

export function createSchemaStore(ask: Ask): SchemaStore {
  let answer = $state.raw<SchemaAnswer | null>(null);
  let fault = $state.raw<string | null>(null);
  let deep = $state.raw<ReadonlyMap<string, EventFacts>>(new Map());
  /** When each name was asked for, local time. */
  const asked = new Map<string, number>();
  let followers = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;

  async function renew(): Promise<void> {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    try {
      answer = await readSchema(ask, '');
      fault = null;
    } catch (error) {
      fault = (error as Error).message;
    }
    asking = false;
    if (followers > 0) timer = setTimeout(renew, EVERY);
  }

  async function lookDeeper(name: string): Promise<void> {
    try {
      const found = (await readSchema(ask, `?event=${encodeURIComponent(name)}`)).events[0];
      if (found === undefined || !asked.has(name)) return;
      deep = new Map([...deep, [name, found]]);
    } catch {
      // The list has facts of it, and its own reading says what is wrong.
      asked.delete(name);
    }
  }

  return {
    get answer() {
      return answer;
    },
    get fault() {
      return fault;
    },
    eventOf: (name) => deep.get(name) ?? answer?.events.find(({ event }) => event === name) ?? null,
    look(name) {
      const now = Date.now();
      if (now - (asked.get(name) ?? -Infinity) < DEPTH.ms) return;
      asked.delete(name);
      asked.set(name, now);
      const [oldest] = asked.keys();
      if (asked.size > DEPTH.most && oldest !== undefined) {
        asked.delete(oldest);
        deep = new Map([...deep].filter(([one]) => one !== oldest));
      }
      void lookDeeper(name);
    },
    follow() {
      followers++;
      void renew();
      let here = true;
      return () => {
        if (!here) return;
        here = false;
        followers--;
        if (followers === 0) clearTimeout(timer);
      };
    },
  };
}

async function readSchema(ask: Ask, query: string): Promise<SchemaAnswer> {
  const loading = import('#contracts/view/schema-result.ts');
  const [{ body }, { SCHEMA_ANSWER }] = await Promise.all([ask(`/v1/schema${query}`), loading]);
  const read = readAs(SCHEMA_ANSWER, body, { code: 'invalid_message' });
  if (!read.ok) throw new ApiError(`GET /v1/schema: ${read.fault.message}`);
  return read.value;
}
