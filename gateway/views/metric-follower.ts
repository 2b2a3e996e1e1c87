import type { Fault } from '#contracts/errors.ts';
import { foldsOf } from '#contracts/log/definition-record.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { formatDuration } from '#contracts/text/duration.ts';
import { resolveView, type View, viewText } from '#contracts/view/view.ts';
import type { Owner } from '#platform/limits/budgets.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { LiveView } from '../core/view/live-view.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';
import { describeView, findMetric, type KnownMetric } from './metric-lookup.ts';
import type { Feed, News } from './update-tail.ts';
import { HISTORY } from './view-answers.ts';
import type { ViewDesk } from './view-service.ts';
import { createWaiting, type Waiting } from './waiting.ts';

/** Open views follow their metrics: to the version that is served, to a new title, to the end. */
export interface MetricFollower {
  /** The metric's definition, or what is served of it, has changed. */
  follow(metric: string): void;
  /** Something was read or applied. */
  changed(news: News): void;
  close(): Promise<void>;
}

/** `moved`: who has the first view gets the second instead, at once, with a snapshot. They may be one and the same. */
export function createMetricFollower(
  feed: Pick<Feed, 'hub' | 'pump'>,
  desk: ViewDesk,
  { horizon }: Pick<GatewaySettings, 'horizon'>,
  { catalog, logger }: Pick<GatewayDeps, 'catalog' | 'logger'>,
  moved: (from: LiveView, to: LiveView) => void,
): MetricFollower {
  const waiting = createWaiting();
  const running = new Set<Promise<void>>();
  const isServed = ({ metric, version }: KnownMetric) =>
    catalog.catalog.metrics.get(metric.id)?.served.version === version;

  /** Opens the view of the served version beside the old one, and takes its readers over once it can answer. */
  const replace = async (hub: ViewHub, live: LiveView, view: View, known: KnownMetric): Promise<void> => {
    const next = hub.open(view, known.version, known);
    desk.retain(next, OWN);
    feed.pump();
    const isHere = () => feed.hub === hub && hub.isOpen(live) && isServed(known);
    const isThere = () => hub.isOpen(next) && hub.isReady(next);
    const is = () => !isHere() || !hub.isOpen(next) || isThere();
    await waiting.until({ of: [next, live, known.metric.id], is, ms: HISTORY });
    if (isHere() && isThere()) {
      desk.describe(next, describeView(view, known));
      moved(live, next);
      hub.close(live);
    } else if (isHere()) hub.end(live, UNREAD);
    desk.release(next, OWN, false);
  };
  const bring = async (hub: ViewHub, live: LiveView, known: KnownMetric): Promise<void> => {
    const view = resolveAgain(live.request, known.metric);
    if (!desk.isUsed(live)) hub.close(live);
    else if (view === null) hub.end(live, changedFault(known.metric.id));
    else if (live.version !== known.version) await replace(hub, live, view, known);
    else {
      const info = describeView(view, known);
      if (JSON.stringify(info) === JSON.stringify(desk.infoOf(live))) return;
      desk.describe(live, info);
      if (hub.isReady(live)) moved(live, live);
    }
  };
  const run = async (id: string): Promise<void> => {
    const { hub } = feed;
    if (hub === null) return;
    const known = findMetric(catalog, id, horizon);
    if (!known.ok) {
      hub.retire(id, [], endFault(id, known.fault));
      feed.pump();
      return;
    }
    const views = [...hub.views].filter((view) => view.request.metric === id);
    await Promise.all(views.map((view) => bring(hub, view, known.value)));
    // Where yet another version came to be served meanwhile, its own run goes on.
    const definition = catalog.catalog.metrics.get(id);
    if (definition !== undefined && isServed(known.value)) {
      const folded = foldsOf(definition).map((fold) => fold.version);
      hub.retire(id, folded, changedFault(id));
    }
    feed.pump();
  };
  return {
    follow(metric) {
      waiting.call(metric);
      const one: Promise<void> = run(metric)
        .catch((error: unknown) =>
          logger.error(
            { err: error, code: codeOf(error), metric },
            'cannot update the views of a changed metric',
          ),
        )
        .finally(() => running.delete(one));
      running.add(one);
    },
    changed: (news) => callOf(waiting, news),
    async close() {
      waiting.close();
      await Promise.all(running);
    },
  };
}

function callOf(waiting: Waiting, { views, isAnother }: News): void {
  if (isAnother) waiting.callAll();
  for (const view of views) waiting.call(view);
}

/** Views that wait for their readers are on nobody's account until they have them. */
const OWN: Owner = {};

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

/** The same view of a changed metric; null where it cannot be had any more. */
function resolveAgain(view: View, metric: Metric): View | null {
  const again = resolveView(
    {
      metric: view.metric,
      where: Object.fromEntries(view.where.map(({ dimension, values }) => [dimension, values])),
      groupBy: view.groupBy,
      window: formatDuration(view.window),
      range: formatDuration(view.range),
    },
    metric,
  );
  return again.ok && viewText(again.value) === viewText(view) ? again.value : null;
}
