import { bytes, duration, integer, type SettingSpec } from './setting-spec.ts';

const HOUR = 3_600_000;

/** The fold, and its way to the Store. */
export const AGGREGATOR_SETTINGS = {
  flush: duration('MILLRACE_FLUSH', 500, 50, 60_000, 'How often results are written to the Store.'),
  tick: duration(
    'MILLRACE_TICK',
    50,
    10,
    1_000,
    'How often new states are published; the first change after a quiet time is published at once.',
  ),
  horizon: duration(
    'MILLRACE_HORIZON',
    HOUR,
    1_000,
    7 * 24 * HOUR,
    'How long event ids are remembered for de-duplication; also the upper bound for the lateness of a metric.',
  ),
  groups: integer(
    'MILLRACE_GROUPS',
    2_000,
    1,
    1_000_000,
    'Named groups per metric, pane and partition; events of further groups are counted in __other__.',
  ),
  valueLength: integer(
    'MILLRACE_DIMENSION_LENGTH',
    200,
    32,
    10_000,
    'Maximum number of characters in a dimension value; an event with a longer one is counted in __other__.',
  ),
  ids: integer(
    'MILLRACE_IDS',
    1_000_000,
    1_000,
    100_000_000,
    'Event ids remembered per partition for de-duplication.',
  ),
  retireAfter: duration(
    'MILLRACE_RETIRE_AFTER',
    30_000,
    0,
    24 * 3_600_000,
    'How long a replaced version of a metric is still folded, for gateways that have not switched yet.',
  ),
  backfills: integer(
    'MILLRACE_BACKFILLS',
    2,
    1,
    64,
    'Metrics that are back-filled at the same time; the embedded engine always keeps one connection free for boards.',
  ),
  expireEvery: duration(
    'MILLRACE_EXPIRE_EVERY',
    HOUR,
    60_000,
    24 * HOUR,
    'How often expired panes and archived events are deleted from the Store.',
  ),
  dirtyCells: integer(
    'MILLRACE_DIRTY_CELLS',
    200_000,
    1_000,
    100_000_000,
    'States per partition that may wait for the Store; at the limit consumption pauses.',
  ),
  stateBytes: bytes(
    'MILLRACE_STATE_BYTES',
    96_000_000,
    1_000_000,
    1e11,
    'Bytes of states held in memory, over all partitions of a process; further states are read from the Store when an event needs them.',
  ),
  unstoredBytes: bytes(
    'MILLRACE_UNSTORED_BYTES',
    32_000_000,
    1_000_000,
    1e10,
    'Bytes of events and states that may wait for the Store, over all partitions of a process; at the limit consumption pauses.',
  ),
} as const satisfies Record<string, SettingSpec>;
