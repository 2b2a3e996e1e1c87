import { compileMetric } from '#aggregates/judge/compile-metric.ts';
import { encodeBlockHeaders } from '#contracts/log/block.ts';
import { type Control, encodeControl } from '#contracts/log/control.ts';
import { foldsOf, type Rebuild } from '#contracts/log/definition-record.ts';
import type { ActiveMetric } from '#contracts/log/rows.ts';
import { eachApart } from '#platform/process/tasks/each-apart.ts';
import type { Shared } from '../deps.ts';
import { noteEnd, type Owner } from '../owner.ts';
import { pause } from '../repeat.ts';
import { createHorizonWatch } from './watch-horizon.ts';

/** ms to wait for a partition to reach the end that was seen, and between two looks at it. */
const CATCH_UP_TIMEOUT_MS = 500;
const STEP = 10;

/** Brings settings and definitions into the partitions' logs, where the fold reads them (rule 7). */
export interface ControlWriter {
  /** Looks at the log's ends and appends what a caught-up partition lacks. */
  check(): Promise<void>;
}

export function createControlWriter(shared: Shared): ControlWriter {
  const { log, catalog, clock, owners, logger, closing } = shared;
  const refused = new Set<string>();
  const retirement = createRetirement(shared);
  const watchHorizon = createHorizonWatch(shared);

  const append = async (owner: Owner, control: Control): Promise<void> => {
    const text = encodeControl(control);
    if (owner.appended.has(text)) return;
    const headers = encodeBlockHeaders({ block: null, received: clock(), count: null, kind: 'control' });
    owner.appended.add(text);
    try {
      await log.append('events', owner.live.partition, [{ key: null, value: Buffer.from(text), headers }]);
    } catch (error) {
      owner.appended.delete(text);
      throw error;
    }
  };
  /** Whether the fold would accept it; the reason is logged once. */
  const isReadable = (metric: string, version: number, body: Record<string, unknown>): boolean => {
    const compiled = compileMetric(metric, body, shared.settings.horizon);
    const name = `${metric} ${version}`;
    if (!compiled.ok && !refused.has(name)) {
      refused.add(name);
      logger.error({ code: compiled.fault.code, metric }, `metric is not folded: ${compiled.fault.message}`);
    }
    return compiled.ok;
  };
  const missing = ({ live }: Owner): Control[] => {
    const { horizon, groups, ids, valueLength } = shared.settings;
    const controls: Control[] = [];
    const now = live.settings;
    const wanted = { horizon, groups, ids, valueLength, levels: true };
    const differs = Object.entries(wanted).some(
      ([name, value]) => now[name as keyof typeof wanted] !== value,
    );
    if (differs) controls.push({ kind: 'settings', settings: wanted });
    const active = new Map(live.active.map((one) => [`${one.version} ${one.metric}`, one]));
    for (const definition of catalog.catalog.metrics.values()) {
      const { id, version: newest, rebuild } = definition;
      for (const { version, body } of foldsOf(definition)) {
        if (active.has(`${version} ${id}`)) continue;
        if (isReadable(id, version, body))
          controls.push({ kind: 'metric', metric: id, version, definition: body });
      }
      const folded = active.get(`${newest} ${id}`);
      if (rebuild !== undefined && folded !== undefined && isRebuildDue(rebuild, folded))
        controls.push({ kind: 'rebuild', metric: id, version: newest, request: rebuild.request });
    }
    for (const { metric, version } of live.active)
      if (retirement.isDue(metric, version)) controls.push({ kind: 'retire', metric, version });
    return controls;
  };
  /** Under load the end moves while the partition folds, so it counts as caught up when it has reached the end that was read. */
  const reach = async (owner: Owner, end: number, before: number): Promise<void> => {
    const until = before + CATCH_UP_TIMEOUT_MS;
    while (owner.live.nextOffset < end && clock() < until && !closing.aborted) await pause(STEP, closing);
    noteEnd(owner, end, before);
    if (!owner.caughtUp || owners.get(owner.live.partition) !== owner) return;
    await eachApart(missing(owner), (control) => append(owner, control));
  };
  return {
    async check() {
      watchHorizon();
      const before = clock();
      const bounds = await log.bounds('events');
      const looks = bounds.flatMap(({ partition, end }) => {
        const owner = owners.get(partition);
        return owner === undefined ? [] : [reach(owner, end, before)];
      });
      await Promise.all(looks);
      retirement.forget();
    },
  };
}

const isRebuildDue = ({ request, cancelled }: Rebuild, { added }: ActiveMetric): boolean =>
  !cancelled && (added?.late === undefined || added.late.request < request);

/** Which metric versions a partition need not fold any more. */
interface Retirement {
  isDue(metric: string, version: number): boolean;
  /** Drops what no owner folds any more. */
  forget(): void;
}

/**
 * A version of a deleted metric ends at once. A replaced one is folded a while longer: a gateway that reads the
 * newer one's history still shows the old one, and must not show less than was counted.
 */
function createRetirement({ catalog, clock, owners, settings }: Shared): Retirement {
  const replacedAt = new Map<string, number>();
  return {
    isDue(metric, version) {
      // A version that the catalog has not reached yet was started by another worker.
      if (version >= catalog.next) return false;
      const definition = catalog.catalog.metrics.get(metric);
      if (definition === undefined) return true;
      if (foldsOf(definition).some((fold) => fold.version === version)) return false;
      const name = nameOf(metric, version);
      const since = replacedAt.get(name) ?? clock();
      replacedAt.set(name, since);
      return clock() - since >= settings.retireAfter;
    },
    forget() {
      const folded = [...owners.values()].flatMap(({ live }) => live.active);
      const names = new Set(folded.map(({ metric, version }) => nameOf(metric, version)));
      for (const name of replacedAt.keys()) if (!names.has(name)) replacedAt.delete(name);
    },
  };
}

const nameOf = (metric: string, version: number): string => `${version} ${metric}`;
