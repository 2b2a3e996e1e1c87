import { type Fault, ok, type Result, refuse } from '#contracts/errors.ts';
import { isPreview, metricOf } from '#contracts/view/asked-metric.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { parseViewRequest } from '#contracts/view/view-request.ts';
import type { Budget, Owner } from '#platform/limits/budgets.ts';
import { nextTurn } from '#platform/process/tasks/turns.ts';
import type { ZoneOf } from '#platform/time/zone-table.ts';
import type { EndedView, OpenView } from '../core/view/live-view.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';
import type { BackfillStatus } from '../status/backfill-status.ts';
import { describeView, findMetric, findWrittenMetric, openView, resolveRequest } from './metric-lookup.ts';
import type { HubChanges, UpdateTail } from './update-tail.ts';
import type { ViewAccounts } from './view-accounts.ts';
import { type AnswerTo, createViewAnswers, offsetTopic, type ViewContentsAt } from './view-answers.ts';
import { checkCells, type ViewLimits } from './view-limits.ts';
import type { WaitList } from './wait-list.ts';

/** An opened view that can answer now. The caller returns it with `release`. */
export interface OpenedView extends ViewContentsAt {
  live: OpenView;
  info: ViewInfo;
}

export interface ViewQuery extends AnswerTo {
  request: unknown;
  /** The owner that pays for the view, and for the wait for it. */
  owner: Owner;
}

/** Opens views for sockets and HTTP alike: reads the request, opens the view, waits until it can answer. */
export interface ViewService extends Pick<ViewUse, 'retain' | 'release' | 'isUsed'> {
  open(query: ViewQuery): Promise<Result<OpenedView>>;
  /** Whether it still is the view of its request: not ended, and not of a version that was replaced. */
  isOpen(live: OpenView): boolean;
  /** Returns the description that readers have of the view beside its contents; `describe` replaces it. */
  infoOf(live: OpenView): ViewInfo | undefined;
  describe(live: OpenView, info: ViewInfo): void;
  /** Ends views that are too large now, and continues the waits for what has changed. */
  changed(changes: HubChanges): void;
  ended(views: readonly EndedView[]): void;
  /** To be called once a second: closes views that have not been used for a while, and those for which there is no memory. */
  sweep(): void;
  close(): void;
}

/** How long a view is kept for readers that may be back soon. */
const LINGER_MS = 60_000;

export interface ViewServiceDeps
  extends Pick<GatewayDeps, 'catalog' | 'clock'>,
    Pick<BackfillStatus, 'refreshed'> {
  zoneOf: ZoneOf;
  accounts: ViewAccounts;
  /** Requests that wait. */
  waits: Budget;
  waitList: WaitList;
  /** Gets or opens the view of a definition that is not saved. */
  openPreview(request: unknown, hub: ViewHub): Result<{ live: OpenView; info: ViewInfo }>;
}

export function createViewService(
  updateTail: Pick<UpdateTail, 'hub' | 'atRest' | 'pump'>,
  settings: Pick<GatewaySettings, 'horizon' | 'viewCells' | 'readRows'>,
  { catalog, clock, zoneOf, accounts, waits, waitList, refreshed, openPreview }: ViewServiceDeps,
): ViewService {
  const { retain, release, isUsed, closeIdle } = createViewUse(updateTail, accounts, clock);
  const infos = new WeakMap<OpenView, ViewInfo>();
  /** Why views have ended. */
  const faults = new WeakMap<OpenView, Fault>();
  const faultOf = (live: OpenView): Fault | undefined => faults.get(live);
  const answer = createViewAnswers({ updateTail, catalog, waitList, faultOf });

  /** Returns why there is no room for another view of the owner; null where there is. */
  const checkRoom = (hub: ViewHub, owner: Owner): Fault | null => {
    if (hub.full || accounts.check(owner) !== null) closeIdle(clock());
    return hub.full ? FULL : accounts.check(owner);
  };
  const openUnsaved = async (query: ViewQuery): Promise<Result<OpenedView>> => {
    const { owner, request } = query;
    const { hub } = updateTail;
    if (hub === null) return JOINING;
    const fault = checkRoom(hub, owner);
    if (fault !== null) return { ok: false, fault };
    const opened = openPreview(request, hub);
    if (!opened.ok) return opened;
    const { live, info } = opened.value;
    retain(live, owner);
    const contents = await answer(hub, live, query);
    if (contents.ok) return ok({ live, info, ...contents.value });
    release(live, owner, false);
    return contents;
  };
  const open = async (query: ViewQuery): Promise<Result<OpenedView>> => {
    // Thousands may ask in one turn of the event loop.
    await nextTurn();
    if (isPreview(metricOf(query.request))) return await openUnsaved(query);
    const { owner } = query;
    const asked = parseViewRequest(query.request);
    if (!asked.ok) return asked;
    const known = await findWrittenMetric(catalog, asked.value.metric, settings.horizon);
    if (!known.ok) return known;
    const { hub } = updateTail;
    if (hub === null) return JOINING;
    const view = resolveRequest(asked.value, known.value, zoneOf);
    if (!view.ok) return view;
    const fault = checkRoom(hub, owner);
    if (fault !== null) return { ok: false, fault };
    const live = openView(hub, view.value, known.value);
    retain(live, owner);
    updateTail.pump();
    // Of partitions that had nothing to fill in, the updates say nothing.
    await Promise.all(
      live.parts.map(({ request, version }) => refreshed({ metric: request.metric, version })),
    );
    const contents = await answer(hub, live, query);
    if (!contents.ok) {
      // After a timeout the view is kept: its read goes on for the next request.
      release(live, owner, !faults.has(live));
      const now = findMetric(catalog, asked.value.metric, settings.horizon);
      return now.ok && now.value.version !== live.version ? open(query) : contents;
    }
    // A title may have changed while the history was read.
    const now = findMetric(catalog, asked.value.metric, settings.horizon);
    const isSame = now.ok && now.value.version === live.version;
    const info = describeView(view.value, isSame ? now.value : known.value);
    infos.set(live, info);
    return ok({ live, info, ...contents.value });
  };
  return {
    async open(query) {
      const short = waits.acquire(1, query.owner);
      // Thousands may be refused in one turn of the event loop.
      if (short !== null) return nextTurn().then(() => refuse('too_many_waits', waitsText(short)));
      return await open(query).finally(() => waits.adjust(-1, query.owner));
    },
    retain,
    release,
    isUsed,
    isOpen: (live) => updateTail.hub?.isOpen(live) ?? false,
    infoOf: (live) => infos.get(live),
    describe: (live, info) => void infos.set(live, info),
    changed({ views, above, upTo, isAnother }) {
      if (updateTail.hub !== null)
        endLarge(updateTail.hub, views, { limits: settings, accounts, closeIdle: () => closeIdle(clock()) });
      if (isAnother) waitList.notifyAll();
      for (let offset = above + 1; offset <= upTo; offset++) waitList.notify(offsetTopic(offset));
      for (const view of views) waitList.notify(view);
    },
    ended(views) {
      for (const { view, fault } of views) {
        faults.set(view, fault);
        waitList.notify(view);
      }
    },
    sweep() {
      closeIdle(updateTail.hub?.full ? clock() : clock() - LINGER_MS);
      updateTail.hub?.shed();
      updateTail.pump();
    },
    close: () => waitList.close(),
  };
}

const JOINING = refuse('not_ready', 'The gateway is still joining the updates topic.');
const FULL: Fault = {
  code: 'overloaded',
  message: 'The gateway has reached its memory limit (MILLRACE_HOT_BYTES).',
};

export const waitsText = ({ most, setting }: { most: number; setting: string }): string =>
  `${most} requests are already waiting, the limit (${setting}).`;

/** Ends views that exceed their own bounds, then further ones until accounts are within theirs. */
function endLarge(
  hub: ViewHub,
  views: ReadonlySet<OpenView>,
  { limits, accounts, closeIdle }: { limits: ViewLimits; accounts: ViewAccounts; closeIdle: () => void },
): void {
  for (const view of views) {
    const fault = hub.isOpen(view) ? checkCells(view, limits) : null;
    if (fault !== null) hub.end(view, fault);
  }
  if (!accounts.count(views)) return;
  closeIdle();
  for (const { view, fault } of accounts.overdrawn(views)) hub.end(view, fault);
}

/** Tracks the owners that use each view: a view without any is closed, at once or after a while. */
interface ViewUse {
  retain(live: OpenView, owner: Owner): void;
  /** `linger`: the owner may be back soon, so the view is kept for a while, on the same account. */
  release(live: OpenView, owner: Owner, linger: boolean): void;
  isUsed(live: OpenView): boolean;
  /** Closes views that have not been used since `before`, epoch ms. */
  closeIdle(before: number): void;
}

function createViewUse(
  updateTail: Pick<UpdateTail, 'hub'>,
  accounts: ViewAccounts,
  clock: () => number,
): ViewUse {
  /** In the order they became idle. */
  const idle = new Map<OpenView, number>();
  const close = (live: OpenView): void => {
    accounts.drop(live);
    updateTail.hub?.close(live);
  };
  return {
    retain(live, owner) {
      idle.delete(live);
      accounts.retain(live, owner);
    },
    release(live, owner, linger) {
      accounts.release(live, owner);
      if (accounts.isHeld(live)) return;
      idle.delete(live);
      // A preview is work: nobody does it for one who may be back.
      const isKept = linger && !isPreview(live.request.metric);
      if (isKept && updateTail.hub?.isOpen(live)) idle.set(live, clock());
      else close(live);
    },
    isUsed: accounts.isHeld,
    closeIdle(before) {
      for (const [live, since] of idle) {
        if (since > before) return;
        idle.delete(live);
        close(live);
      }
    },
  };
}
