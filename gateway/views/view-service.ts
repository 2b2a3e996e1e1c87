import { type Fault, ok, type Result, refuse } from '#contracts/errors.ts';
import { parseViewRequest, resolveView, type ViewInfo } from '#contracts/view/view.ts';
import type { Budget, Owner } from '#platform/limits/budgets.ts';
import type { EndedView, LiveView } from '../core/view/live-view.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';
import { describeView, findMetric, findWrittenMetric } from './metric-lookup.ts';
import type { Feed, News } from './update-tail.ts';
import type { ViewAccounts } from './view-accounts.ts';
import { type AnswerTo, createAnswers, offsetTopic, type Position } from './view-answers.ts';
import { checkCells, type ViewLimits } from './view-limits.ts';
import { createViewUsers, type ViewUsers } from './view-users.ts';
import type { Waiting } from './waiting.ts';

/** An opened view that can answer now. Whoever asked gives it back with `release`. */
export interface OpenedView extends Position {
  live: LiveView;
  info: ViewInfo;
}

export interface Ask extends AnswerTo {
  request: unknown;
  /** On whose account the view is, and the wait for it. */
  owner: Owner;
}

/** Where views are asked for, by sockets and by HTTP alike: reads the request, opens the view, waits until it can answer. */
export interface ViewDesk extends Pick<ViewUsers, 'retain' | 'release' | 'isUsed'> {
  open(ask: Ask): Promise<Result<OpenedView>>;
  /** Whether it still is the view of its request: not ended, and not of a version that was replaced. */
  isOpen(live: LiveView): boolean;
  /** What its readers were told of it beside the contents, and what they are told from now on. */
  infoOf(live: LiveView): ViewInfo | undefined;
  describe(live: LiveView, info: ViewInfo): void;
  /** Something changed: views that are too large end, and who waits may go on. */
  changed(news: News): void;
  ended(views: readonly EndedView[]): void;
  /** Once a second: closes what has lingered, and what memory has no room for. */
  sweep(): void;
  close(): void;
}

const LINGER = 60_000;

export interface DeskDeps extends Pick<GatewayDeps, 'catalog' | 'clock'> {
  accounts: ViewAccounts;
  /** Requests that wait. */
  waits: Budget;
  waiting: Waiting;
}

export function createViewDesk(
  feed: Pick<Feed, 'hub' | 'atRest' | 'pump'>,
  settings: Pick<GatewaySettings, 'horizon' | 'viewCells' | 'readRows'>,
  { catalog, clock, accounts, waits, waiting }: DeskDeps,
): ViewDesk {
  const { retain, release, isUsed, closeIdle } = createViewUsers(feed, accounts, clock);
  const infos = new WeakMap<LiveView, ViewInfo>();
  /** Why views have ended. */
  const faults = new WeakMap<LiveView, Fault>();
  const { turn, answer } = createAnswers({ feed, catalog, waiting, faultOf: (live) => faults.get(live) });

  const open = async (ask: Ask): Promise<Result<OpenedView>> => {
    // Thousands may ask in one turn of the event loop.
    await turn();
    const asked = parseViewRequest(ask.request);
    if (!asked.ok) return asked;
    const known = await findWrittenMetric(catalog, asked.value.metric, settings.horizon);
    if (!known.ok) return known;
    const { hub } = feed;
    if (hub === null) return refuse('not_ready', 'The gateway is still joining the updates topic.');
    const view = resolveView(asked.value, known.value.metric);
    if (!view.ok) return view;
    if (hub.full || accounts.check(ask.owner) !== null) closeIdle(clock());
    if (hub.full)
      return refuse('overloaded', 'The gateway has reached its memory limit (MILLRACE_HOT_BYTES).');
    const fault = accounts.check(ask.owner);
    if (fault !== null) return { ok: false, fault };
    const live = hub.open(view.value, known.value.version, known.value);
    retain(live, ask.owner);
    feed.pump();
    const position = await answer(hub, live, ask);
    if (!position.ok) {
      // Where it took too long, the read goes on for whoever asks again.
      release(live, ask.owner, !faults.has(live));
      const isReplaced = catalog.catalog.metrics.get(live.request.metric)?.served.version !== live.version;
      return isReplaced ? open(ask) : position;
    }
    // A title may have changed while the history was read.
    const now = findMetric(catalog, asked.value.metric, settings.horizon);
    const isSame = now.ok && now.value.version === live.version;
    const info = describeView(view.value, isSame ? now.value : known.value);
    infos.set(live, info);
    return ok({ live, info, ...position.value });
  };
  return {
    async open(ask) {
      const short = waits.acquire(1, ask.owner);
      // Thousands may be refused in one turn of the event loop.
      if (short !== null) return turn().then(() => refuse('too_many_waits', waitsText(short)));
      return await open(ask).finally(() => waits.adjust(-1, ask.owner));
    },
    retain,
    release,
    isUsed,
    isOpen: (live) => feed.hub?.isOpen(live) ?? false,
    infoOf: (live) => infos.get(live),
    describe: (live, info) => void infos.set(live, info),
    changed({ views, above, upTo, isAnother }) {
      if (feed.hub !== null)
        endLarge(feed.hub, views, { limits: settings, accounts, makeRoom: () => closeIdle(clock()) });
      if (isAnother) waiting.callAll();
      for (let offset = above + 1; offset <= upTo; offset++) waiting.call(offsetTopic(offset));
      for (const view of views) waiting.call(view);
    },
    ended(views) {
      for (const { view, fault } of views) {
        faults.set(view, fault);
        waiting.call(view);
      }
    },
    sweep() {
      closeIdle(feed.hub?.full ? clock() : clock() - LINGER);
      feed.hub?.shed();
      feed.pump();
    },
    close: () => waiting.close(),
  };
}

export const waitsText = ({ most, setting }: { most: number; setting: string }): string =>
  `${most} requests are already waiting, the limit (${setting}).`;

/** Ends views that are above their own bounds, and those that stand in the way of what others may have. */
function endLarge(
  hub: ViewHub,
  views: ReadonlySet<LiveView>,
  { limits, accounts, makeRoom }: { limits: ViewLimits; accounts: ViewAccounts; makeRoom: () => void },
): void {
  for (const view of views) {
    const fault = hub.isOpen(view) ? checkCells(view, limits) : null;
    if (fault !== null) hub.end(view, fault);
  }
  if (!accounts.count(views)) return;
  // What nobody looks at goes first.
  makeRoom();
  for (const { view, fault } of accounts.overdrawn(views)) hub.end(view, fault);
}
