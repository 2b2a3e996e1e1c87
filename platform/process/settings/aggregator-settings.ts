import { DAY, HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import { bytes, duration, integer, type SettingSpec } from './setting-spec.ts';

/** The fold, and its way to the Store. */
export const AGGREGATOR_SETTINGS = {
  flush: duration({
    env: 'MILLRACE_FLUSH',
    default: 500,
    min: 50,
    max: MINUTE,
    help: 'How often results are written to the Store.',
  }),
  tick: duration({
    env: 'MILLRACE_TICK',
    default: 50,
    min: 10,
    max: SECOND,
    help: 'How often new states are published; the first change after a quiet time is published at once.',
  }),
  horizon: duration({
    env: 'MILLRACE_HORIZON',
    default: HOUR,
    min: SECOND,
    max: 7 * DAY,
    help: 'How long event ids are remembered for de-duplication; also the upper bound for the lateness of a metric.',
  }),
  groups: integer({
    env: 'MILLRACE_GROUPS',
    default: 2_000,
    min: 1,
    max: 1_000_000,
    help: 'Named groups per metric, pane and partition, at each level of its dimensions; a further group is counted as __other__ in its last dimension, then in the one before, and so on.',
  }),
  valueLength: integer({
    env: 'MILLRACE_DIMENSION_LENGTH',
    default: 200,
    min: 32,
    max: 10_000,
    help: 'Maximum number of characters in a dimension value; a longer one, and those of all dimensions behind it, are counted as __other__.',
  }),
  ids: integer({
    env: 'MILLRACE_IDS',
    default: 1_000_000,
    min: 1_000,
    max: 100_000_000,
    help: 'Event ids remembered per partition for de-duplication.',
  }),
  retireAfter: duration({
    env: 'MILLRACE_RETIRE_AFTER',
    default: 30 * SECOND,
    min: 0,
    max: DAY,
    help: 'How long a replaced version of a metric is still folded, for gateways that have not switched yet.',
  }),
  backfills: integer({
    env: 'MILLRACE_BACKFILLS',
    default: 2,
    min: 1,
    max: 64,
    help: 'Metrics that are back-filled at the same time; the embedded engine always keeps one connection free for boards.',
  }),
  rollUpEvery: duration({
    env: 'MILLRACE_ROLLUP_EVERY',
    default: MINUTE,
    min: SECOND,
    max: HOUR,
    help: 'How often final panes are rolled up into minutes and hours.',
  }),
  expireEvery: duration({
    env: 'MILLRACE_EXPIRE_EVERY',
    default: HOUR,
    min: MINUTE,
    max: DAY,
    help: 'How often expired panes and archived events are deleted from the Store.',
  }),
  dirtyCells: integer({
    env: 'MILLRACE_DIRTY_CELLS',
    default: 200_000,
    min: 1_000,
    max: 100_000_000,
    help: 'States per partition that may wait for the Store; at the limit consumption pauses.',
  }),
  stateBytes: bytes({
    env: 'MILLRACE_STATE_BYTES',
    default: 96_000_000,
    min: 1_000_000,
    max: 1e11,
    help: 'Bytes of states held in memory, over all partitions of a process; further states are read from the Store when an event needs them.',
  }),
  unstoredBytes: bytes({
    env: 'MILLRACE_UNSTORED_BYTES',
    default: 32_000_000,
    min: 1_000_000,
    max: 1e10,
    help: 'Bytes of events and states that may wait for the Store, over all partitions of a process; at the limit consumption pauses.',
  }),
} as const satisfies Record<string, SettingSpec>;
