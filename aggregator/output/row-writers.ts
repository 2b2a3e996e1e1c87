import type { ArchiveRow, PaneRow } from '#contracts/log/rows.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Shared } from '../deps.ts';
import type { RejectedWriter } from './rejected-writer.ts';
import type { Refused } from './row-search.ts';
import { createRowWriter, type RowWriter } from './row-writer.ts';

/** Characters of a row that is set aside in its record. */
const SHOWN = 1_000;

export interface RowWriters {
  panes: RowWriter<PaneRow>;
  archive: RowWriter<ArchiveRow>;
}

/**
 * The flusher's writers. A row that is set aside is missing from history and nowhere else: its event is folded, and stays in the Log at the
 * position that the record in `rejected` names. A replay comes to the same end.
 */
export function createRowWriters(shared: Shared, rejected: RejectedWriter): RowWriters {
  const { store, closing } = shared;
  return {
    panes: createRowWriter({
      insert: (rows) => store.insertPanes(rows),
      nameOf: ({ metric, version, pane, group, part }) =>
        JSON.stringify([metric, version, pane, part, group]),
      setAside: (refused) => {
        tell(shared, 'panes', refused);
        for (const { row, error } of refused) {
          const { state, ...body } = row;
          // The block that last changed the pane.
          const position = { partition: Number(row.part), offset: row.next - 1 };
          rejected.add(position.partition, position.offset, [
            rejection(`Pane of metric ${row.metric}`, { index: 0, field: row.metric, body, error }),
          ]);
        }
      },
      closing,
    }),
    archive: createRowWriter({
      insert: (rows) => store.insertEvents(rows),
      nameOf: ({ part, offset, index }) => `${part}/${offset}/${index}`,
      setAside: (refused) => {
        tell(shared, 'archive', refused);
        for (const { row, error } of refused) {
          const { index, properties: body } = row;
          rejected.add(row.part, row.offset, [rejection('Archive row', { index, body, error })]);
        }
      },
      closing,
    }),
  };
}

function tell(
  { logger, metrics }: Shared,
  table: 'panes' | 'archive',
  refused: readonly Refused<PaneRow | ArchiveRow>[],
): void {
  for (const { row } of refused)
    metrics.add('millrace_aggregator_rows_set_aside_total', 1, {
      table,
      metric: 'metric' in row ? row.metric : '',
    });
  const { error } = refused[0]!;
  logger.error(
    { err: error, code: 'unstorable_row', cause: codeOf(error), table, rows: refused.length },
    'Store refused rows; they are missing from history and recorded in the rejected topic',
  );
}

function rejection(
  what: string,
  { index, field, body, error }: { index: number; field?: string; body: unknown; error: unknown },
): Parameters<RejectedWriter['add']>[2][number] {
  const reason = error instanceof Error ? error.message : String(error);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    index,
    fault: {
      code: 'unstorable_row',
      ...(field === undefined ? {} : { field }),
      message: `${what}: the Store refuses it but accepts others: ${reason.slice(0, SHOWN)}`,
    },
    body: text.slice(0, SHOWN),
  };
}
