import type { Added, NewOffsets } from '#contracts/log/added.ts';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { floorTo, isLate } from '#contracts/metric/pane.ts';
import { HOUR } from '#contracts/text/duration.ts';

/** The rows of a partition that `Store.fillAdded` folds: added ones, in hours into which a new one falls. */
export function addedRows(
  metric: Pick<Metric, 'pane' | 'lateness' | 'events'>,
  rows: readonly ArchiveRow[],
  { imports, late }: Added,
): ArchiveRow[] {
  const hourOf = ({ ts }: ArchiveRow): number => floorTo(floorTo(ts, metric.pane), HOUR);
  const boundsOf = (row: ArchiveRow): NewOffsets | null => {
    if (row.imported) return imports;
    return isLate(row.ts, metric.lateness, row.watermark) ? late : null;
  };
  const counts = ({ event }: ArchiveRow): boolean => metric.events?.includes(event) ?? true;
  const added = rows.filter((row) => counts(row) && row.offset < (boundsOf(row)?.before ?? 0));
  const isNew = (row: ArchiveRow): boolean => row.offset >= boundsOf(row)!.from;
  const concerned = new Set(added.filter(isNew).map(hourOf));
  return added.filter((row) => concerned.has(hourOf(row)));
}
