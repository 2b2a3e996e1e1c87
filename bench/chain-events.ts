import { createRandom } from '#embedded/demo/traffic/seeded-random.ts';
import { shopEvents } from '#embedded/demo/traffic/shop.ts';

/** The demo's shop as request bodies of 500 lines, with ids and times that are new in every body. */
export const EVENTS_A_BODY = 500;
const BODIES = 40;
const SEED = 7;
const ID_DIGITS = 12;
const ID = `bench-${'0'.repeat(ID_DIGITS)}`;
/** A placeholder with the digits of epoch ms, so that every body keeps its length. */
const TIME = 1_000_000_000_000;

interface Template {
  bytes: Buffer;
  /** Where the digits of each event's id and timestamp begin. */
  ids: number[];
  times: number[];
}

function makeTemplate(events: readonly object[]): Template {
  const lines = events.map((event) => JSON.stringify({ ...event, id: ID, timestamp: TIME }));
  const bytes = Buffer.from(lines.join('\n'));
  return {
    bytes,
    ids: placesOf(bytes, ID).map((at) => at + ID.length - ID_DIGITS),
    times: placesOf(bytes, String(TIME)),
  };
}

function placesOf(bytes: Buffer, text: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at);
  if (places.length !== EVENTS_A_BODY) throw new Error(`${places.length} places of ${text}`);
  return places;
}

/** Returns a function that makes the next body; all its events happen now. */
export function createBodies(): () => Buffer {
  const events: object[] = [];
  const random = createRandom(SEED);
  for (let at = 0; events.length < BODIES * EVENTS_A_BODY; at += 10_000)
    events.push(...shopEvents(random, at, at + 10_000));
  const templates = Array.from({ length: BODIES }, (_, i) =>
    makeTemplate(events.slice(i * EVENTS_A_BODY, (i + 1) * EVENTS_A_BODY)),
  );
  // Ids of two runs over one log differ, else the second would be repeats.
  let id = Date.now() % 1e9;
  id *= 1_000;
  let made = 0;
  return () => {
    const { bytes, ids, times } = templates[made++ % templates.length]!;
    const body = Buffer.from(bytes);
    const now = String(Date.now());
    for (const at of times) body.write(now, at, 'latin1');
    for (const at of ids) body.write(String(id++).padStart(ID_DIGITS, '0'), at, 'latin1');
    return body;
  };
}
