import type { SystemRecord } from '#contracts/log/system-record.ts';

/** Reports of one process of each part at `now`: one nearly full in the mode `warned`, all of them old in the mode `stale`. */
export function fakeProcesses(mode: string, now: number): SystemRecord[] {
  const time = mode === 'stale' ? now - 41_000 : now - 300;
  const used = mode === 'warned' ? 93_000_000 : 2_643_165;
  return [
    {
      ...{ process: '034ab5ae-afde-4ec8-a1a5-1361722ecdfd', part: 'ingest', time },
      totals: { accepted: 95_517, duplicates: 0, rejected: 14, late: 3, imported: 0, requests: 788 },
      gauges: { diskTotal: 270_553_174_016, diskFree: 81_368_305_664, diskFloor: 1_000_000_000 },
    },
    {
      ...{ process: 'e83e45cd-02c6-4016-9b90-dbcc49aed4cd', part: 'aggregator', time },
      totals: { events: 95_467, duplicates: 12, repeatedBlocks: 0, rejected: 0, late: 3, skipped: 40 },
      gauges: { partitions: 4, lag: 0, openCells: 4_790, pendingRows: 95, liveIds: 95_467 },
    },
    {
      ...{ process: '20f11abc-5a06-4563-b41b-813f95f0310d', part: 'gateway', time, totals: {} },
      gauges: { viewers: 14, views: 9, cells: 61 },
      budgets: [
        {
          ...{ name: 'state_bytes', unit: 'bytes', setting: 'MILLRACE_STATE_BYTES' },
          ...{ most: 96_000_000, used, refused: mode === 'warned' ? 2 : 0 },
        },
        {
          ...{ name: 'definitions', unit: 'count', setting: 'MILLRACE_DEFINITIONS', most: 1_000 },
          ...{ used: 12, refused: 0 },
        },
      ],
    },
  ];
}
