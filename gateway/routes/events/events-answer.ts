import type { ArchivedEvent, EventPage } from '#contracts/event/event-page.ts';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import type { StoredEventPage } from '#platform/store/event-query.ts';
import type { Steps } from '../../core/steps.ts';
import { writeCursor } from './event-cursor.ts';

/** Events that are written in a step. */
const STEP = 50;

/** Returns the JSON text of a page, in steps; `from`: where its range begins. Properties are text already, and stay as they are. */
export function* writePage({ events, next }: StoredEventPage, from: number | undefined): Steps<string> {
  const pieces: string[] = [];
  for (const [i, row] of events.entries()) {
    pieces.push(`${JSON.stringify(headOf(row)).slice(0, -1)},"properties":${row.properties}}`);
    if (i % STEP === STEP - 1) yield;
  }
  const rest: Omit<EventPage, 'events'> = {
    searched: next?.ts ?? from ?? null,
    next: next === null ? null : writeCursor(next),
  };
  return `{"events":[${pieces.join()}],${JSON.stringify(rest).slice(1)}`;
}

function headOf(row: ArchiveRow): Omit<ArchivedEvent, 'properties'> {
  const { event, id, key, ts, received, part, offset, index, watermark, imported } = row;
  const behind = imported || watermark === null ? -1 : watermark - ts;
  return {
    event,
    id,
    key,
    timestamp: ts,
    received,
    position: { partition: part, offset, index },
    ...(behind < 0 ? {} : { behind }),
    ...(imported ? { imported } : {}),
  };
}
