import { MillraceError } from '#contracts/errors.ts';
import { type ArchiveRow, type CommitRow, PARTITION_FACTS, type PaneRow } from '#contracts/log/rows.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import { flattenProperties } from './property-texts.ts';

/** Rows as the tables hold them: column names once, in the order of the values. */

/** The columns of a state. */
export const STATE_COLUMNS = {
  nums: 'Array(Float64)',
  keys: 'Array(UInt32)',
  counts: 'Array(UInt64)',
} as const;

export const PANE_COLUMNS = ['metric', 'version', 'pane', 'grp', 'part', 'nums', 'keys', 'counts', 'next'];

export const paneValues = (row: PaneRow): unknown[] => [
  row.metric,
  row.version,
  row.pane,
  row.group,
  row.part,
  row.state.nums,
  row.state.keys,
  row.state.counts,
  row.next,
];

export interface StoredPane {
  metric: string;
  version: number;
  pane: number;
  grp: string[];
  part: string;
  nums: number[];
  keys: number[];
  counts: number[];
  next: number;
}

export const paneRow = ({ grp, nums, keys, counts, ...row }: StoredPane): PaneRow => ({
  metric: row.metric,
  version: row.version,
  pane: row.pane,
  group: grp,
  part: row.part,
  state: { nums, keys, counts },
  next: row.next,
});

export const EVENT_COLUMNS = [
  'part',
  'offset',
  'index',
  'block',
  'received',
  'ts',
  'watermark',
  'id',
  'key',
  'event',
  'properties',
  'imported',
];

export const eventValues = (row: ArchiveRow): unknown[] => [
  row.part,
  row.offset,
  row.index,
  row.block,
  row.received,
  row.ts,
  row.watermark,
  row.id,
  row.key,
  row.event,
  flattenProperties(row.properties),
  row.imported ? 1 : 0,
];

export const COMMIT_COLUMNS = ['part', 'next', 'identity', 'facts'];

export const commitValues = (row: CommitRow): unknown[] => [
  row.part,
  row.next,
  row.identity,
  JSON.stringify(row.facts),
];

export type StoredCommit = Omit<CommitRow, 'facts'> & { facts: string };

/** Throws `unsupported_format` where the facts are not what this version writes. */
export function commitRow({ part, next, identity, facts }: StoredCommit): CommitRow {
  const read = readAs(PARTITION_FACTS, parseFacts(facts), {
    code: 'unsupported_format',
    of: `Commit row of partition ${part}`,
    at: 'facts',
  });
  if (!read.ok) throw new MillraceError(read.fault);
  return { part, next, identity, facts: read.value };
}

/** Returns undefined, which is not valid as facts, for a text that is not JSON. */
function parseFacts(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
