import { readAs } from '#contracts/schema/read-as.ts';
import { METRIC_GROUPS, type MetricGroups } from '#contracts/view/metric-groups.ts';
import type { Ask } from '../app/ask.ts';

/** How many groups a metric has, of how many places. */
export interface GroupCount {
  groups: number;
  /** Places of a pane in a partition; null before the first event. */
  cap: number | null;
  /** Most places that are taken. */
  places: number;
  /** Events that found no place. */
  other: number;
}

/** Counts of groups, asked for one after the other: each goes through the archive. */
export interface GroupCounts {
  of(id: string): GroupCount | null;
  want(id: string): void;
  close(): void;
}

/** Metrics that wait: what was scrolled past long ago is not asked for. */
const MOST_WAITING = 50;

export function createGroupCounts(ask: Ask): GroupCounts {
  let counts = $state.raw<ReadonlyMap<string, GroupCount>>(new Map());
  const asked = new Set<string>();
  const waiting: string[] = [];
  const control = new AbortController();
  let busy = false;

  async function work(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let id = waiting.shift(); id !== undefined && !control.signal.aborted; id = waiting.shift()) {
      try {
        const path = `/v1/metrics/${encodeURIComponent(id)}/groups?limit=1`;
        const read = readAs(METRIC_GROUPS, (await ask(path, { signal: control.signal })).body, {
          code: 'invalid_message',
        });
        if (read.ok) counts = new Map([...counts, [id, countOf(read.value)]]);
      } catch {
        // How many groups there are is not known then, and the row says nothing of it. The next look asks again.
        asked.delete(id);
      }
    }
    busy = false;
  }

  return {
    of: (id) => counts.get(id) ?? null,
    want(id) {
      if (asked.has(id)) return;
      asked.add(id);
      waiting.push(id);
      for (const left of waiting.splice(0, waiting.length - MOST_WAITING)) asked.delete(left);
      void work();
    },
    close: () => control.abort(),
  };
}

function countOf({ levels, cap }: MetricGroups): GroupCount {
  const last = levels.at(-1);
  return { cap, groups: last?.distinct ?? 1, places: last?.places ?? 1, other: last?.other ?? 0 };
}
