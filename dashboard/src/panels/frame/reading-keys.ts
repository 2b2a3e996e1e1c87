import type { Session } from '../../app/session.svelte.ts';
import { timeOfWindow, windowOf as timesOf, windowAt } from '../../charts/draw/geometry.ts';
import type { ChartKind } from '../../charts/trace/trace.ts';
import type { Exploring } from '../feed/exploring.ts';
import type { Feed } from '../feed/panel-feed.svelte.ts';

export interface Reader {
  session: Session;
  panelId: string;
  kind: ChartKind;
  feed: Feed;
  exploring: Exploring | null;
}

/** Reads the chart by keyboard. Returns the readout for screen readers; null for other keys. */
export function readingKey(event: KeyboardEvent, reader: Reader): string | null {
  const { crossHair } = reader.session;
  const { times, closed } = reader.feed.data;
  if (times.length === 0) return null;
  const active = crossHair.time !== null;
  if (!active && event.key !== 'Enter') return null;
  if (event.key === 'Escape') crossHair.set(null, null);
  else if (event.key === 'Enter' && active) enter(reader, crossHair.time!);
  else {
    const index = active ? windowOf(reader, crossHair.time!) : closed - 1;
    const next = target(event, reader, index);
    if (next === null) return null;
    crossHair.set(timeOf(reader, next), reader.panelId);
    crossHair.pin(true);
  }
  event.preventDefault();
  event.stopPropagation();
  return crossHair.time === null ? '' : wordsAt(reader, windowOf(reader, crossHair.time));
}

/** Holds the time that is read, or lets go of it; a chart that is explored takes its window. */
function enter({ session: { crossHair }, feed, exploring }: Reader, time: number): void {
  if (exploring === null) crossHair.pin(!crossHair.pinned);
  else exploring.choose(timesOf(feed.data.times, time));
}

function target(event: KeyboardEvent, { feed }: Reader, index: number): number | null {
  const { times, closed, first } = feed.data;
  const { from, to: edge } = feed.times();
  const oldest = Math.max(first, times.indexAt(from - 1) + 1);
  const newest = Math.max(oldest, Math.min(closed, times.indexAt(edge)) - 1);
  const step = event.shiftKey ? 10 : 1;
  const to = { Enter: index, ArrowLeft: index - step, ArrowRight: index + step, Home: oldest, End: newest }[
    event.key
  ];
  return to === undefined ? null : Math.min(newest, Math.max(oldest, to));
}

const windowOf = ({ feed }: Reader, time: number): number => windowAt(feed.data.times, time);

const timeOf = ({ kind, feed }: Reader, index: number): number => timeOfWindow(kind, feed.data.times, index);

function wordsAt({ feed, session }: Reader, index: number): string {
  const { data } = feed;
  const { formats } = session;
  const say = (name: string, value: number): string =>
    `${name} ${formats.value(Number.isNaN(value) ? null : value, feed.info?.unit ?? '')}`;
  const values = [
    ...data.traces.map((trace) => say(trace.name, data.value(trace, index))),
    ...data.earlier.map((line) => say(line.name, line.value(index))),
  ];
  return `${formats.moment(data.times.beginOf(index), session.client.now())}: ${values.join(', ')}`;
}
