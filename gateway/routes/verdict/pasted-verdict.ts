import type { Fault } from '#contracts/errors.ts';
import type { FilteredEvent } from '#contracts/filter/compile-filter.ts';
import { partitionOfText } from '#contracts/log/partitioner.ts';
import type { ArchiveRow, CommitRow } from '#contracts/log/rows.ts';
import type { EventVerdict, MetricVerdict } from '#contracts/metric/verdict.ts';
import type { Store } from '#platform/store/store.ts';
import { ROWS } from '../events/events-route.ts';
import { toVerdict } from './archived-verdicts.ts';
import type { KnownFold } from './known-folds.ts';

/** Archived events of an id that are compared. */
const REPEATS = 1_000;

export interface PastedSource {
  folds: readonly KnownFold[];
  commits: readonly CommitRow[];
  /** Number of partitions of the events topic. */
  partitions: number;
  store: Pick<Store, 'readEvents'>;
}

/** The verdict on what ingest refuses. */
export const rejectedVerdict = ({ code, field, message }: Fault): EventVerdict => ({
  event: null,
  position: null,
  partition: null,
  rejected: { code, ...(field === undefined ? {} : { field }), message },
  metrics: [],
});

/**
 * What would become of an event if it came after everything that is committed. One without key and id may go to any partition: it is
 * judged by the one that has come least far, in which it is late last.
 */
export async function pastedVerdict(event: FilteredEvent, source: PastedSource): Promise<EventVerdict> {
  const routeBy = event.key ?? event.id;
  const partition = routeBy === null ? null : partitionOfText(routeBy, source.partitions);
  const commit = commitOf(partition, source);
  const first = commit === undefined ? null : await findFirst(event, commit, source.store);
  const settings = commit?.facts.settings;
  const metrics = source.folds.map((fold): MetricVerdict => {
    if (first !== null) return toVerdict(fold, { outcome: 'duplicate' });
    const watermark = commit?.facts.watermark ?? null;
    const judgement = fold.judge(event, watermark, settings?.valueLength);
    return toVerdict(fold, judgement.outcome === 'counted' ? { ...judgement, part: 'live' } : judgement);
  });
  const { ts, id, key } = event;
  return {
    ...{ event: event.event, id, key, timestamp: ts, position: null, partition },
    ...(first === null
      ? {}
      : { duplicate: { partition: first.part, offset: first.offset, index: first.index } }),
    metrics,
  };
}

function commitOf(partition: number | null, { commits, partitions }: PastedSource): CommitRow | undefined {
  if (partition !== null) return commits.find(({ part }) => part === partition);
  // A partition that has committed nothing has no watermark.
  if (commits.length < partitions) return undefined;
  return commits.reduce<CommitRow | undefined>(
    (least, one) => (least === undefined || watermarkOf(one) < watermarkOf(least) ? one : least),
    undefined,
  );
}

const watermarkOf = ({ facts }: CommitRow): number => facts.watermark ?? Number.NEGATIVE_INFINITY;

/** The event with the same key and id that the partition remembers (rule 3); null where there is none. */
async function findFirst(
  { id, key }: FilteredEvent,
  { part, facts: { ids } }: CommitRow,
  store: Pick<Store, 'readEvents'>,
): Promise<ArchiveRow | null> {
  if (id === null) return null;
  const query = { id, ...(key === null ? {} : { key }), where: [], limit: REPEATS, rows: ROWS };
  const { events } = await store.readEvents(query);
  const isRemembered = (row: ArchiveRow): boolean =>
    row.part === part && row.key === key && row.offset >= ids.from && row.ts > (ids.after ?? -Infinity);
  return events.findLast(isRemembered) ?? null;
}
