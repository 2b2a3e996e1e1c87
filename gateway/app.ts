import type { Server } from 'node:http';
import type { FastifyPluginAsync } from 'fastify';
import type { SystemRecord } from '#contracts/log/system-record.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { GatewayDeps, GatewaySettings } from './deps.ts';
import { createRoutes } from './routes/routes.ts';
import { startBeating } from './sessions/heartbeat.ts';
import { createSessions } from './sessions/sessions.ts';
import { createFillWatch } from './status/backfill-watch.ts';
import { createSystemFeed } from './status/system-tail.ts';
import { createLongPolls } from './views/long-polls.ts';
import { createMetricFollower } from './views/metric-follower.ts';
import { createFeed } from './views/update-tail.ts';
import { createViewAccounts } from './views/view-accounts.ts';
import { openViewBytes, openWaits, watchHot } from './views/view-budgets.ts';
import { createViewDesk } from './views/view-service.ts';
import { createWaiting } from './views/waiting.ts';

export interface Gateway {
  routes: FastifyPluginAsync;
  /** Sockets on a server; it may be listening already. */
  attach(server: Server): void;
  /** What is missing before it serves as promised; null when nothing is. */
  ready(): string | null;
  /** Sends clients away, spread over time, and ends everything that runs. Idempotent. */
  drain(): Promise<void>;
  /** For the process's record in the `system` topic. */
  totals(): Pick<SystemRecord, 'totals' | 'gauges'>;
}

/** A definition was judged when it was put: a horizon that has become smaller since then ends no view of it. */
const STORED = { horizon: Number.POSITIVE_INFINITY };

/** Updates and history in; frames out. */
export function buildGateway(settings: GatewaySettings, deps: GatewayDeps): Gateway {
  const { catalog, logger, metrics } = deps;
  const waits = openWaits(settings, deps);
  const accounts = createViewAccounts(openViewBytes(settings, deps));
  const system = createSystemFeed(deps);
  const feed = createFeed({ ...deps, system }, settings, {
    changed(news) {
      fills.changed();
      desk.changed(news);
      polls.changed(news);
      follower.changed(news);
      sessions.changed();
    },
    ended: (views) => {
      desk.ended(views);
      sessions.ended(views);
    },
  });
  watchHot(settings, deps, () => feed.hub);
  const waiting = createWaiting();
  const desk = createViewDesk(
    feed,
    { ...settings, ...STORED },
    { ...deps, accounts, waits: waits.answers, waiting },
  );
  const polls = createLongPolls(desk, { ...deps, feed, waits: waits.polls });
  const sessions = createSessions(settings, deps, feed, desk);
  const follower = createMetricFollower(feed, desk, STORED, deps, (from, to) => sessions.moved(from, to));
  const fills = createFillWatch({ ...deps, hub: () => feed.hub });
  const gauges = () => ({
    viewers: sessions.count,
    views: feed.hub?.count ?? 0,
    cells: feed.hub?.size() ?? 0,
  });

  const beat = async (): Promise<void> => {
    desk.sweep();
    for (const [name, value] of Object.entries(gauges())) {
      metrics.set(`millrace_gateway_${name as keyof ReturnType<typeof gauges>}`, value);
    }
    fills.look([...(feed.hub?.views ?? [])].map(({ request, version }) => ({ ...request, version })));
    if (sessions.count === 0) return;
    await sessions.beat(await system.status(feed.hub, sessions.count));
  };
  const stopBeating = startBeating(sessions.disconnectRevoked, beat, (error) =>
    logger.error({ err: error, code: codeOf(error) }, 'a beat failed'),
  );

  const unsubscribe = catalog.subscribe((record) => {
    if (record.kind === 'metric' || record.kind === 'serve') follower.follow(record.id);
    if (record.kind !== 'key') return;
    polls.keyChanged(record.id);
    sessions.disconnectRevoked();
  });
  let draining: Promise<void> | null = null;
  const drain = async (): Promise<void> => {
    const beating = stopBeating();
    unsubscribe();
    polls.close();
    await follower.close();
    await beating;
    await sessions.drain();
    desk.close();
    await system.close();
    await fills.close();
    await feed.close();
  };
  return {
    routes: createRoutes(settings, deps, { desk, polls, system }),
    attach: sessions.attach,
    ready: feed.ready,
    drain: () => {
      draining ??= drain();
      return draining;
    },
    totals: () => ({ totals: {}, gauges: gauges() }),
  };
}
