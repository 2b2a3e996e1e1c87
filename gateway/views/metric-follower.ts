import type { Fault } from '#contracts/errors.ts';
import { foldsOf } from '#contracts/log/definition-record.ts';
import { requestOf, type View, viewText } from '#contracts/view/view.ts';
import type { Owner } from '#platform/limits/budgets.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { ZoneOf } from '#platform/time/zone-table.ts';
import type { OpenView } from '../core/view/live-view.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';
import { describeView, findMetric, type KnownMetric, openView, resolveRequest } from './metric-lookup.ts';
import type { HubChanges, UpdateTail } from './update-tail.ts';
import { HISTORY_TIMEOUT_MS } from './view-answers.ts';
import type { ViewService } from './view-service.ts';
import { createWaitList } from './wait-list.ts';

/** Moves open views to the served version and title of their metric, and ends those of a metric that was deleted. */
export interface MetricFollower {
  /** The metric's definition, or what is served of it, has changed. */
  follow(metric: string): void;
  changed(changes: HubChanges): void;
  close(): Promise<void>;
}

/** `moved`: readers of the first view get a snapshot of the second instead, at once. Both may be the same view. */
export function createMetricFollower(
  updateTail: Pick<UpdateTail, 'hub' | 'pump'>,
  viewService: ViewService,
  { horizon }: Pick<GatewaySettings, 'horizon'>,
  { catalog, logger, zoneOf }: Pick<GatewayDeps, 'catalog' | 'logger'> & { zoneOf: ZoneOf },
  moved: (from: OpenView, to: OpenView) => void,
): MetricFollower {
  const waitList = createWaitList();
  const running = new Set<Promise<void>>();
  const isServed = (id: string, { version }: KnownMetric): boolean => {
    const now = findMetric(catalog, id, horizon);
    return now.ok && now.value.version === version;
  };

  /** Opens the view of the served version beside the old one, and moves the readers once it can answer. */
  const replace = async (hub: ViewHub, live: OpenView, view: View, known: KnownMetric): Promise<void> => {
    const { metric } = view;
    const next = openView(hub, view, known);
    viewService.retain(next, NO_OWNER);
    updateTail.pump();
    const isWanted = () => updateTail.hub === hub && hub.isOpen(live) && isServed(metric, known);
    const isReady = () => hub.isOpen(next) && hub.isReady(next);
    await waitList.until({
      topics: [next, live, metric],
      condition: () => !isWanted() || !hub.isOpen(next) || isReady(),
      timeout: HISTORY_TIMEOUT_MS,
    });
    if (isWanted() && isReady()) {
      viewService.describe(next, describeView(view, known));
      moved(live, next);
      hub.close(live);
    } else if (isWanted()) hub.end(live, UNREAD);
    viewService.release(next, NO_OWNER, false);
  };
  const update = async (hub: ViewHub, live: OpenView, known: KnownMetric): Promise<void> => {
    const view = resolveAgain(live.request, known, zoneOf);
    if (!viewService.isUsed(live)) hub.close(live);
    else if (view === null) hub.end(live, changedFault(live.request.metric));
    else if (live.version !== known.version) await replace(hub, live, view, known);
    else {
      const info = describeView(view, known);
      if (JSON.stringify(info) === JSON.stringify(viewService.infoOf(live))) return;
      viewService.describe(live, info);
      if (hub.isReady(live)) moved(live, live);
    }
  };
  /** Moves the views of a metric, of which something has changed: itself, or what it is computed from. */
  const updateViews = async (hub: ViewHub, id: string): Promise<void> => {
    const known = findMetric(catalog, id, horizon);
    const views = [...hub.views].filter((view) => view.request.metric === id);
    if (known.ok) await Promise.all(views.map((view) => update(hub, view, known.value)));
    else for (const view of views) hub.end(view, endFault(id, known.fault));
  };
  const updateAll = async (id: string): Promise<void> => {
    const { hub } = updateTail;
    if (hub === null) return;
    const known = findMetric(catalog, id, horizon);
    const concerned = [...hub.views].filter((view) => view.isOf(id));
    const metrics = new Set([id, ...concerned.map(({ request }) => request.metric)]);
    await Promise.all([...metrics].map((metric) => updateViews(hub, metric)));
    // Where another version is served by now, its own run retires the rest.
    if (known.ok ? isServed(id, known.value) : !findMetric(catalog, id, horizon).ok) {
      const definition = catalog.catalog.metrics.get(id);
      const folded =
        !known.ok || definition === undefined ? [] : foldsOf(definition).map((fold) => fold.version);
      hub.retire(id, folded, known.ok ? changedFault(id) : endFault(id, known.fault));
    }
    updateTail.pump();
  };
  return {
    follow(metric) {
      waitList.notify(metric);
      const one: Promise<void> = updateAll(metric)
        .catch((error: unknown) =>
          logger.error(
            { err: error, code: codeOf(error), metric },
            'cannot update the views of a changed metric',
          ),
        )
        .finally(() => running.delete(one));
      running.add(one);
    },
    changed({ views, isAnother }) {
      if (isAnother) waitList.notifyAll();
      for (const view of views) waitList.notify(view);
    },
    async close() {
      waitList.close();
      await Promise.all(running);
    },
  };
}

/** A view is on no account until readers were moved to it. */
const NO_OWNER: Owner = {};

const endFault = (id: string, fault: Fault): Fault =>
  fault.code === 'unknown_metric' ? { ...fault, message: `The metric ${id} was deleted.` } : fault;

const UNREAD: Fault = {
  code: 'store_unavailable',
  message: 'The history of the new version could not be read in time.',
};

const changedFault = (id: string): Fault => ({
  code: 'metric_changed',
  message: `The metric ${id} has changed, and this view with it; subscribe again.`,
});

/** Returns the same view of a changed metric; null where the metric no longer allows it. */
function resolveAgain(view: View, known: KnownMetric, zoneOf: ZoneOf): View | null {
  const again = resolveRequest(requestOf(view), known, zoneOf);
  return again.ok && viewText(again.value) === viewText(view) ? again.value : null;
}
