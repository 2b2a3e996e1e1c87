import { DEFAULT_FOLD_SETTINGS } from '#contracts/log/control.ts';
import type { PartitionFacts } from '#contracts/log/rows.ts';

/** What holds in a partition that has no commit row yet: the constants of the format. */
export const FIRST_FACTS: PartitionFacts = {
  watermark: null,
  settings: DEFAULT_FOLD_SETTINGS,
  active: [],
  blocks: [],
  ids: { from: 0, after: null },
  caps: { latest: null, steps: [{ from: 0, groups: DEFAULT_FOLD_SETTINGS.groups }] },
  counters: { events: 0, duplicates: 0, repeatedBlocks: 0, rejected: 0, late: 0, skipped: 0 },
};
