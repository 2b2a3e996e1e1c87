import { ok, type Result, refuse } from '#contracts/errors.ts';
import type { FrameView } from '#contracts/frame.ts';
import type { ResumeCursor } from '#contracts/protocol.ts';
import { parseViewRequest, resolveView, type ViewInfo } from '#contracts/view.ts';
import type { LiveView } from './core/live-view.ts';
import { type Held, usableCursor } from './core/usable-cursor.ts';
import type { ViewHub } from './core/view-hub.ts';
import { describeView, findMetric, findWrittenMetric } from './definitions.ts';
import type { GatewayDeps, GatewaySettings } from './deps.ts';
import type { Feed } from './feed.ts';
import { createViewUsers, type ViewUsers } from './view-users.ts';
import { createWaiting } from './waiting.ts';

/** An opened view that can answer now. Whoever asked gives it back with `release`. */
export interface OpenedView extends Position {
  live: LiveView;
  info: ViewInfo;
}

/** Contents and the cursor they belong to, taken at one moment. */
interface Position {
  epoch: string;
  to: number;
  change: FrameView;
  /** The whole contents at that moment, where they were asked for; else `change` again. */
  whole: FrameView;
}

/** Where views are asked for, by sockets and by HTTP alike: reads the request, opens the view, waits until it can answer. */
export interface ViewDesk extends Pick<ViewUsers, 'retain' | 'release' | 'isUsed'> {
  open(request: unknown, held: Held | null, whole?: boolean): Promise<Result<OpenedView>>;
  /** Whether it still is the view of its request: not ended, and not of a version that was replaced. */
  isOpen(live: LiveView): boolean;
  /** What its readers were told of it beside the contents, and what they are told from now on. */
  infoOf(live: LiveView): ViewInfo | undefined;
  describe(live: LiveView, info: ViewInfo): void;
  /** Something changed: who waits may go on. */
  changed(): void;
  /** Once a second: closes what has lingered, and what memory has no room for. */
  sweep(): void;
  close(): void;
}

/** How long a gateway that is behind a client's cursor waits before it sends a snapshot instead, ms. */
const BEHIND = 5_000;
/** How long a view may wait for its history, ms; the client asks again after 20 s. */
export const HISTORY = 15_000;
const LINGER = 60_000;

export function createViewDesk(
  feed: Pick<Feed, 'hub' | 'pump'>,
  settings: Pick<GatewaySettings, 'horizon'>,
  { catalog, clock }: Pick<GatewayDeps, 'catalog' | 'clock'>,
): ViewDesk {
  const { retain, release, isUsed, closeIdle } = createViewUsers(feed, clock);
  const infos = new WeakMap<LiveView, ViewInfo>();
  const waiting = createWaiting();

  const answer = async (
    hub: ViewHub,
    live: LiveView,
    cursor: ResumeCursor | null,
    whole: boolean,
  ): Promise<Result<Position>> => {
    const isHere = () => feed.hub === hub && hub.isOpen(live);
    await waiting.until(() => !isHere() || hub.isReady(live), HISTORY);
    if (cursor?.epoch === catalog.identity && cursor.offset > hub.offset) {
      // Another gateway was further than this one.
      await waiting.until(() => !isHere() || (hub.offset >= cursor.offset && hub.isReady(live)), BEHIND);
    }
    if (isHere() && hub.isReady(live)) {
      const change = cursor === null ? live.snapshot() : hub.resume(live, cursor, catalog.identity);
      const isPart = whole && change.snapshot !== true;
      const epoch = hub.epoch(catalog.identity);
      return ok({ epoch, to: hub.offset, change, whole: isPart ? live.snapshot() : change });
    }
    return refuse('store_unavailable', 'The history of the view could not be read in time.');
  };
  const desk: ViewDesk = {
    async open(request, held, whole = false) {
      const asked = parseViewRequest(request);
      if (!asked.ok) return asked;
      const known = await findWrittenMetric(catalog, asked.value.metric, settings.horizon);
      if (!known.ok) return known;
      const { hub } = feed;
      if (hub === null) return refuse('not_ready', 'The gateway is still joining the updates.');
      const view = resolveView(asked.value, known.value.metric);
      if (!view.ok) return view;
      if (hub.full) closeIdle(clock());
      if (hub.full)
        return refuse('overloaded', 'The gateway holds as many states as its limit (MILLRACE_HOT_CELLS).');
      const live = hub.open(view.value, known.value.version, known.value);
      retain(live);
      feed.pump();
      const position = await answer(hub, live, usableCursor(live, held), whole);
      if (!position.ok) {
        release(live, false);
        const isReplaced = catalog.catalog.metrics.get(live.request.metric)?.served.version !== live.version;
        return isReplaced ? desk.open(request, held, whole) : position;
      }
      // A title may have changed while the history was read.
      const now = findMetric(catalog, asked.value.metric, settings.horizon);
      const isSame = now.ok && now.value.version === live.version;
      const info = describeView(view.value, isSame ? now.value : known.value);
      infos.set(live, info);
      return ok({ live, info, ...position.value });
    },
    retain,
    release,
    isUsed,
    isOpen: (live) => feed.hub?.isOpen(live) ?? false,
    infoOf: (live) => infos.get(live),
    describe: (live, info) => void infos.set(live, info),
    changed: () => waiting.check(),
    sweep() {
      closeIdle(feed.hub?.full ? clock() : clock() - LINGER);
      feed.hub?.shed();
      feed.pump();
    },
    close: () => waiting.close(),
  };
  return desk;
}
