import type { ArchivedEvent } from '#contracts/event/event-page.ts';
import type { EventVerdict } from '#contracts/metric/verdict.ts';
import type { ArchiveApi } from '../app/archive-api.ts';
import { type EventLine, placeOf } from './event-line.ts';

/** What is known of one event: it, and what the metrics made of it; the one that it repeats; or nothing. */
export type Detail =
  | { kind: 'found'; archived: ArchivedEvent; verdict: EventVerdict }
  | { kind: 'repeat'; verdict: EventVerdict }
  | { kind: 'unknown' };

/** How often an event is looked for, with a second between: it is in the archive about a second after its receipt. */
const TRIES = 5;
const BETWEEN = 1_000;
/** Events of one ms that are looked through. */
const MOST = 1_000;

/** Asks for an event and its verdict; again where it may not be archived yet. Null once `signal` has ended it. */
export async function askDetail(
  api: Pick<ArchiveApi, 'events' | 'verdict'>,
  line: EventLine,
  signal: AbortSignal,
): Promise<Detail | null> {
  const { position, id, key } = line;
  if (position === null) return { kind: 'unknown' };
  for (let tried = 1; !signal.aborted; tried++) {
    const verdict = await api.verdict({ position });
    const archived = verdict === null ? null : (line.archived ?? (await findArchived(api, line)));
    if (verdict !== null && archived !== null) return { kind: 'found', archived, verdict };
    if (tried === TRIES || line.archived !== null) break;
    await pause(BETWEEN, signal);
  }
  if (signal.aborted) return null;
  const first = id === null ? null : await api.verdict({ id, key });
  return first === null ? { kind: 'unknown' } : { kind: 'repeat', verdict: first };
}

/** Reads the events of its ms: there is no read by position. */
async function findArchived(
  api: Pick<ArchiveApi, 'events'>,
  { time, event, key, id, position }: EventLine,
): Promise<ArchivedEvent | null> {
  const from = Math.floor(time);
  const { events } = await api.events({ from, to: from + 1, event, key, id, limit: MOST });
  return events.find((one) => placeOf(one.position) === position) ?? null;
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
