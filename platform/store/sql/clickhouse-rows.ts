import type { ArchiveRow, CommitRow, PaneRow, PartitionFacts } from '#contracts/log/rows.ts';
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
];

export const COMMIT_COLUMNS = ['part', 'next', 'identity', 'facts'];

export const commitValues = (row: CommitRow): unknown[] => [
  row.part,
  row.next,
  row.identity,
  JSON.stringify(row.facts),
];

export type StoredCommit = Omit<CommitRow, 'facts'> & { facts: string };

export const commitRow = (row: StoredCommit): CommitRow => ({
  part: row.part,
  next: row.next,
  identity: row.identity,
  facts: JSON.parse(row.facts) as PartitionFacts,
});
