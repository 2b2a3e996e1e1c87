import type { Params } from '../connection/engine-connection.ts';
import type { PaneRange } from '../store.ts';

/**
 * Where a read that merges finds its rows: a SELECT of (pane, grp, part, nums, keys, counts) over panes in [from, to), each
 * row of each part once. A row may stand for several panes, under the start of the first, where no multiple of `align` ms
 * lies between them: that is where windows begin and end. Parameters: those of the range, under their own names.
 */
export type PaneSource = (range: PaneRange & { align: number }) => { sql: string; params: Params };
