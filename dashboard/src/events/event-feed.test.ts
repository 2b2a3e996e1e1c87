import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ArchivedEvent } from '#contracts/event/event-page.ts';
import type { Tail, TailRow } from '#contracts/view/protocol.ts';
import type { EventsAsked } from '../app/archive-api.ts';
import { ApiError } from '../app/ask.ts';
import { createEventFeed, type FeedOptions, type FeedState } from './event-feed.ts';
import { byTime } from './event-list.ts';
import { readQuery } from './events-query.ts';

const BEGIN = 1_000_000_000;

beforeEach(() => void vi.useFakeTimers({ now: BEGIN }));
afterEach(() => void vi.useRealTimers());

const event = (offset: number, timestamp: number, key: string | null = null): ArchivedEvent => ({
  ...{ event: 'order', id: null, key, timestamp, received: timestamp, properties: {} },
  position: { partition: 0, offset, index: 0 },
});
const row = ({ event: name, timestamp, position, key }: ArchivedEvent): TailRow => ({
  ...{ event: name, time: timestamp, text: '', position },
  ...(key === null ? {} : { key }),
});

/** A server: `archive` is what is archived, newest last; its page says where it goes on. */
function serve(archive: ArchivedEvent[], own: Record<string, string> = {}, rest: Partial<FeedOptions> = {}) {
  let receive: ((tail: Tail) => void) | undefined;
  const asked: EventsAsked[] = [];
  const states: FeedState[] = [];
  const fail = { with: null as Error | null };
  const feed = createEventFeed({
    query: readQuery(own),
    now: () => Date.now(),
    tail: (listener) => {
      receive = listener;
      return () => (receive = undefined);
    },
    changed: (state) => states.push(state),
    archive: {
      async events(query) {
        asked.push(query);
        if (fail.with !== null) throw fail.with;
        const { from = 0, to = Infinity, limit = 100, cursor, key } = query;
        const found = archive
          .filter((one) => one.timestamp >= from && one.timestamp < to && (!key || one.key === key))
          .sort((a, b) => b.timestamp - a.timestamp);
        const at = cursor == null ? 0 : Number(cursor);
        const events = found.slice(at, at + limit);
        const next = at + limit < found.length ? String(at + limit) : null;
        return { events, next, searched: next === null ? null : events.at(-1)!.timestamp };
      },
    },
    ...rest,
  });
  return {
    ...{ feed, asked, fail },
    state: () => states.at(-1)!,
    offsets: () => states.at(-1)!.list.lines.map(({ position }) => Number(position!.split(':')[1])),
    tail: (rows: ArchivedEvent[], skipped = 0) => receive?.({ rows: rows.map(row), skipped }),
    following: () => receive !== undefined,
  };
}
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const many = (count: number, apart = 10): ArchivedEvent[] =>
  Array.from({ length: count }, (_, i) => event(i, BEGIN - 2_000 - (count - i) * apart));

it('is one list of archive and tail, each event once, and counts what the tail leaves out', async () => {
  const archive = many(30);
  const { tail, offsets, state } = serve(archive);
  await settle();
  expect(offsets()).toHaveLength(30);
  // Came before the tail began, and was not archived yet: found where both meet.
  archive.push(event(30, BEGIN - 500));
  tail([event(31, BEGIN + 100)], 93);
  expect(offsets().slice(0, 2)).toEqual([31, 29]);
  archive.push(event(31, BEGIN + 100));
  await settle(3_000);
  expect(offsets().slice(0, 3)).toEqual([31, 30, 29]);
  expect(byTime(state().list, 1_000)[0]).toMatchObject({ start: BEGIN, left: 93 });
});

it('says where more came than it has asked for', async () => {
  const archive = many(5);
  const { state } = serve(archive);
  await settle();
  for (let i = 0; i < 500; i++) archive.push(event(100 + i, BEGIN - 1_000 + i));
  await settle(3_000);
  expect(byTime(state().list, 1_000).filter(({ unsure }) => unsure)).toHaveLength(1);
});

it('moves nothing while it is held, counts what waits, and shows it then', async () => {
  const { feed, tail, offsets, state } = serve(many(3));
  await settle();
  feed.hold(true);
  tail([event(10, BEGIN + 10), event(11, BEGIN + 20)]);
  expect([offsets().length, state().waiting]).toEqual([3, 2]);
  feed.hold(false);
  expect([offsets().slice(0, 2), state().waiting]).toEqual([[11, 10], 0]);
});

it('goes on to older pages without a gap or a repeat, and puts the newest away when there are too many', async () => {
  const { feed, tail, offsets, state } = serve(many(900));
  await settle();
  expect(state().more).toBe(true);
  for (let pages = 2; pages <= 4; pages++) {
    feed.older();
    await settle();
    expect(offsets()).toEqual(Array.from({ length: pages * 100 }, (_, i) => 899 - i));
  }
  expect(state().detached).toBe(false);
  feed.older();
  await settle();
  expect(state()).toMatchObject({ detached: true, loadingOlder: false });
  expect(offsets()).toEqual(Array.from({ length: 400 }, (_, i) => 799 - i));
  tail([event(1_000, BEGIN + 10)]);
  expect(state().waiting).toBe(1);
  for (let i = 0; i < 6; i++) {
    feed.older();
    await settle();
  }
  expect([offsets().at(-1), state().more]).toEqual([0, false]);
  feed.restart();
  await settle();
  expect(offsets()[0]).toBe(899);
});

it('stays bounded however fast events come, and finds the older ones again', async () => {
  const archive = many(150);
  const { feed, tail, offsets, state } = serve(archive);
  await settle();
  for (let i = 0; i < 1_000; i++) {
    const one = event(1_000 + i, BEGIN + 10 * i);
    archive.push(one);
    tail([one], 5);
  }
  expect(offsets()).toHaveLength(400);
  expect(state().list.left.size).toBeLessThanOrEqual(400);
  feed.older();
  await settle();
  // The page begins with the last event that was shown.
  expect(offsets().slice(-99)).toEqual(Array.from({ length: 99 }, (_, i) => 1_599 - i));
});

it('follows a key completely: what the tail leaves out comes from the archive', async () => {
  const archive = [event(0, BEGIN - 9e8, 'u'), event(1, BEGIN - 5_000, 'u'), event(2, BEGIN - 4_000, 'v')];
  const { tail, offsets, asked } = serve(archive, { key: 'u' });
  await settle();
  expect(offsets()).toEqual([1, 0]);
  const late = event(5, BEGIN - 3e8, 'u');
  archive.push(event(4, BEGIN + 50, 'u'), late);
  tail([event(3, BEGIN + 40, 'v')], 700);
  expect(offsets()).toEqual([1, 0]);
  await settle(1_200);
  expect(offsets()).toEqual([4, 1, 5, 0]);
  await settle(20_000);
  const before = asked.length;
  await settle(60_000);
  // Nothing came: nothing is asked.
  expect(asked).toHaveLength(before);
});

it('shows at once what fits by its names, and asks the archive about properties', async () => {
  const { tail, offsets } = serve([], { event: 'order', key: 'u' });
  await settle();
  tail([event(1, BEGIN + 1, 'u'), event(2, BEGIN + 2, 'v')]);
  expect(offsets()).toEqual([1]);
  const filtered = serve([], { where: 'a = 1' });
  await settle();
  filtered.tail([event(1, BEGIN + 1)]);
  expect(filtered.offsets()).toEqual([]);
});

it('finds what it missed while the connection was away', async () => {
  const archive = many(3);
  const { feed, offsets, asked } = serve(archive);
  await settle(5_000);
  archive.push(event(7, BEGIN + 4_000));
  feed.catchUp();
  await settle();
  expect(offsets()[0]).toBe(7);
  const over = serve(many(3), {}, { tail: null, to: BEGIN });
  await settle();
  over.feed.catchUp();
  expect([over.asked.length, asked.length]).toEqual([1, 3]);
});

it('says that the archive cannot be read, and begins anew when asked to', async () => {
  const { feed, fail, state, offsets } = serve(many(3));
  fail.with = new ApiError('The Store does not answer.', 'store_unavailable');
  feed.restart();
  await settle();
  expect(state()).toMatchObject({ phase: 'loading', fault: { code: 'store_unavailable' } });
  fail.with = null;
  feed.restart();
  await settle();
  expect([state().fault, offsets().length]).toEqual([null, 3]);
});

it('follows no tail where what is shown is over, and ends', async () => {
  const { asked, state } = serve(many(3), {}, { tail: null, from: BEGIN - 5_000, to: BEGIN });
  await settle(10_000);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ from: BEGIN - 5_000, to: BEGIN });
  expect(state().phase).toBe('ready');
  const live = serve(many(3));
  live.feed.close();
  await settle(10_000);
  expect([live.following(), live.asked.length]).toEqual([false, 1]);
});
