import type { EventPage } from '#contracts/event/event-page.ts';
import type { Tail } from '#contracts/view/protocol.ts';
import type { ArchiveApi } from '../app/archive-api.ts';
import { ApiError } from '../app/ask.ts';
import { type EventLine, lineOfArchived, lineOfTail } from '../event-row/event-line.ts';
import {
  addLeft,
  addLines,
  addUnsure,
  cutList,
  dropBelow,
  type EventList,
  joinLists,
  NO_EVENTS,
  secondOf,
} from './event-list.ts';
import { askedOf, type EventsQuery, isFollowing, isNarrow } from './events-query.ts';

/** Events of a page of the archive, and in the list at most. */
const PAGE = 100;
const MOST = 400;
/** Events that are looked for at once while they come. */
const NEW = 200;
/** When the archive is asked for what has just come, ms: it has an event about a second after its receipt, or later. */
const SOON = 1_200;
const AGAIN = 1_500;
const UNTIL = 5_000;
/** How far back events of a filter are looked for while they come, ms: some are late. */
const LATE = 60_000;
/** What came right before the tail began is looked for after this time, ms; and so far into it. */
const SEAM = 2_500;
const OVERLAP = 250;
/** Pages without an event that are gone through at once. */
const EMPTY_PAGES = 5;

export interface FeedState {
  list: EventList;
  /** Events that came and wait until the reader is at the top again; 0 for none. */
  waiting: number;
  phase: 'loading' | 'ready';
  /** Why the archive could not be read the last time. */
  fault: { code: string | null; message: string } | null;
  /** Whether older events may be there, and down to which time none other is, epoch ms. */
  more: boolean;
  searched: number | null;
  loadingOlder: boolean;
  /** Whether newer events were put away for older ones: only a new beginning shows them. */
  detached: boolean;
  /** Refusals that the tail told of. */
  refusals: number;
}

export interface FeedOptions {
  archive: Pick<ArchiveApi, 'events'>;
  /** Follows the tail; null where what is shown is over. */
  tail: ((receive: (tail: Tail) => void) => () => void) | null;
  query: EventsQuery;
  /** Times of their own that events may have, epoch ms. */
  from?: number | undefined;
  to?: number | undefined;
  /** Server time. */
  now: () => number;
  changed: (state: FeedState) => void;
}

export interface EventFeed {
  /** While it is held, nothing is added to the list: what comes waits. */
  hold(on: boolean): void;
  /** Reads the next older page. */
  older(): void;
  /** Looks for what was missed, after the connection was away. */
  catchUp(): void;
  /** Begins anew, from the newest on. */
  restart(): void;
  close(): void;
}

const FIRST: FeedState = {
  ...{ list: NO_EVENTS, waiting: 0, phase: 'loading', fault: null, more: false, searched: null },
  ...{ loadingOlder: false, detached: false, refusals: 0 },
};

/** Makes one list of the tail and the archive, without seam or repeat: tail rows are a sample that the archive completes where few events are asked for. */
export function createEventFeed(options: FeedOptions): EventFeed {
  const { archive, query, now } = options;
  const narrow = isNarrow(query);
  let state = FIRST;
  /** What came since the list was changed. */
  let fresh = NO_EVENTS;
  let held = false;
  let cursor: string | null = null;
  /** Counts beginnings: an answer to an older one is of no use. */
  let round = 0;
  let lastTail = 0;
  let polling: ReturnType<typeof setTimeout> | undefined;
  let seam: ReturnType<typeof setTimeout> | undefined;

  function tell(change: Partial<FeedState>): void {
    state = { ...state, ...change };
    options.changed(state);
  }

  const ask = (asked: {
    from?: number | undefined;
    to?: number | undefined;
    cursor?: string | null;
    limit: number;
  }) => archive.events({ ...askedOf(query), from: options.from, to: options.to, ...asked });

  /** Runs one read of the archive; what it brings belongs to the beginning that asked for it. */
  async function read(asking: () => Promise<void>, ended: Partial<FeedState> = {}): Promise<void> {
    const mine = round;
    try {
      await asking();
      if (mine === round) tell({ ...ended, fault: null });
    } catch (error) {
      if (mine !== round) return;
      const code = error instanceof ApiError ? error.code : null;
      tell({ ...ended, fault: { code, message: error instanceof Error ? error.message : String(error) } });
    }
  }

  function flush(): void {
    if (state.phase === 'loading') return;
    if (held || state.detached) {
      fresh = cutList(fresh, MOST, 'newest');
      const known = new Set(state.list.lines.map(({ position }) => position));
      const waiting = fresh.lines.filter(({ position }) => !known.has(position)).length;
      if (waiting !== state.waiting) tell({ waiting });
      return;
    }
    if (fresh === NO_EVENTS) return;
    const joined = joinLists(state.list, fresh);
    const list = cutList(dropBelow(joined, state.more ? state.list.lines.at(-1) : undefined), MOST, 'newest');
    fresh = NO_EVENTS;
    const isCut = list.lines.at(-1) !== joined.lines.at(-1);
    if (isCut) cursor = null;
    tell({ list, waiting: 0, more: state.more || isCut });
  }

  function receive(tail: Tail): void {
    lastTail = now();
    const refusals = tail.rows.filter(({ rejected }) => rejected !== undefined).length;
    if (refusals > 0) tell({ refusals: state.refusals + refusals });
    const lines = tail.rows.filter(({ rejected }) => rejected === undefined).map(lineOfTail);
    if (!narrow) fresh = addLeft(addLines(fresh, lines), secondOf(lastTail), tail.skipped);
    else {
      if (query.where === '')
        fresh = addLines(
          fresh,
          lines.filter((line) => fitsNames(line, query)),
        );
      polling ??= setTimeout(poll, SOON);
    }
    flush();
  }

  /** Looks in the archive for the newest events, while some come. */
  async function poll(): Promise<void> {
    const mine = round;
    await read(async () => {
      const recent = isFollowing(query) ? undefined : Math.max(options.from ?? 0, now() - LATE);
      await addNewest({ ...(recent === undefined ? {} : { from: recent }), limit: NEW });
    });
    polling = mine === round && now() - lastTail < UNTIL ? setTimeout(poll, AGAIN) : undefined;
  }

  /** Adds what is newest, and says where something between it and what is known may be lacking. */
  async function addNewest(asked: Parameters<typeof ask>[0]): Promise<void> {
    const mine = round;
    const page = await ask(asked);
    if (mine !== round) return;
    const lines = page.events.map(lineOfArchived);
    const oldest = lines.at(-1);
    const newest = newestArchived();
    fresh = addLines(fresh, lines);
    const isGap =
      newest !== undefined && oldest !== undefined && page.next !== null && oldest.time > newest.time;
    if (isGap) fresh = addUnsure(fresh, secondOf(oldest.time));
    flush();
  }

  const newestArchived = (): EventLine | undefined =>
    [...fresh.lines, ...state.list.lines].find(({ archived }) => archived !== null);

  /** What came between the newest page of the archive and the tail. */
  function mend(to: number): void {
    const from = Math.floor(newestArchived()?.time ?? to - LATE);
    void read(() => addNewest({ from, to: Math.max(from + 1, to), limit: PAGE }));
  }

  async function pages(first: { to?: number; cursor: string | null }): Promise<EventPage> {
    let page = await ask({ ...first, limit: PAGE });
    for (let i = 1; page.events.length === 0 && page.next !== null && i < EMPTY_PAGES; i++)
      page = await ask({ ...first, cursor: page.next, limit: PAGE });
    return page;
  }

  function begin(): void {
    const mine = ++round;
    const began = now();
    clearTimeout(seam);
    cursor = null;
    fresh = NO_EVENTS;
    tell({ ...FIRST, refusals: state.refusals });
    void read(async () => {
      const page = await pages({ cursor: null });
      if (mine !== round) return;
      cursor = page.next;
      const list = addLines(NO_EVENTS, page.events.map(lineOfArchived));
      tell({ list, phase: 'ready', more: page.next !== null, searched: page.searched });
      if (endTail !== null) seam = setTimeout(() => mend(began + OVERLAP), SEAM);
      flush();
    });
  }

  function older(): void {
    if (state.loadingOlder || !state.more || state.phase === 'loading') return;
    const mine = round;
    const last = state.list.lines.at(-1);
    const first =
      cursor !== null || last === undefined ? { cursor } : { cursor, to: Math.floor(last.time) + 1 };
    tell({ loadingOlder: true });
    const asking = async (): Promise<void> => {
      const page = await pages(first);
      if (mine !== round) return;
      cursor = page.next;
      const joined = addLines(state.list, page.events.map(lineOfArchived));
      const list = cutList(joined, MOST, 'oldest');
      const detached = state.detached || list.lines[0] !== joined.lines[0];
      tell({ list, detached, more: page.next !== null, searched: page.searched });
    };
    void read(asking, { loadingOlder: false });
  }

  let endTail: (() => void) | null = null;
  endTail = options.tail?.(receive) ?? null;
  begin();
  return {
    hold(on) {
      held = on;
      flush();
    },
    older,
    catchUp() {
      if (endTail !== null && state.phase === 'ready') mend(now());
    },
    restart: begin,
    close() {
      round++;
      clearTimeout(polling);
      clearTimeout(seam);
      endTail?.();
    },
  };
}

const fitsNames = (line: EventLine, { event, key, id }: EventsQuery): boolean =>
  (event === '' || line.event === event) && (key === '' || line.key === key) && (id === '' || line.id === id);
