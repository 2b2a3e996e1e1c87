import type { Variant } from '../../sim/variants.ts';

const SPANS = { folder: 'platform/store', file: 'tier-spans.ts' };
const SOURCE = { folder: 'platform/store/sql', file: 'pane-tiers.ts' };
const PLACES = { folder: 'platform/store/sql', file: 'window-places.ts' };
const WINDOWS = { folder: 'platform/store/sql', file: 'windows-sql.ts' };
const TIMELINE = { folder: 'contracts/view', file: 'timeline.ts' };

/** Copies of the code that reads history, each with one of its bounds moved or one of its parts left out. */
export const HISTORY_VARIANTS: readonly Variant[] = [
  {
    rule: '5: coarse rows are read below the mark, and not beyond it',
    ...SPANS,
    from: 'floorTo(upto, size));',
    to: 'floorTo(upto, size) + size);',
  },
  {
    rule: '5: the end of a range that lies within a coarse pane is read finer',
    ...SPANS,
    from: 'Math.min(floorTo(range.to, size),',
    to: 'Math.min(-floorTo(-range.to, size),',
  },
  {
    rule: '5: a tier is read where it divides all boundaries',
    ...SPANS,
    from: 'upto === undefined || range.align % size !== 0',
    to: 'upto === undefined || range.align % size === -1',
  },
  {
    rule: '5: coarse rows of all parts are read, of added events as well',
    ...SOURCE,
    from: 'listSql(partitions)})`',
    to: "listSql(partitions)} AND part NOT LIKE '+%')`",
  },
  {
    rule: '5: a partition without marks is read finer',
    ...SOURCE,
    from: 'if (unmarked.length > 0)',
    to: 'if (unmarked.length < 0)',
  },
  {
    rule: '5: what is marked is not read in its own panes once more',
    ...SOURCE,
    from: 'listSql(unmarked)',
    to: 'listSql([...unmarked, ...marked.keys()])',
  },
  {
    rule: '1: of rows with one identity the highest next holds',
    ...SOURCE,
    from: 'FINAL $',
    to: '$',
  },
  {
    rule: 'a window ends before the pane at its end',
    ...PLACES,
    from: '} < {size:Int64}',
    to: '} <= {size:Int64}',
  },
  {
    rule: 'a window that overlaps others holds its last block',
    ...PLACES,
    from: "const holding = 'piece + length - {size:Int64}';",
    to: "const holding = 'piece + length - {size:Int64} + 1';",
  },
  {
    rule: 'a pane belongs to the period that it begins in',
    ...PLACES,
    from: 'roundDown(pane, {bounds:Array(Int64)})',
    to: 'roundDown(pane - 1, {bounds:Array(Int64)})',
  },
  {
    rule: 'only windows that were asked for are returned',
    ...WINDOWS,
    from: 'starts.to - 1;',
    to: 'starts.to + 900000;',
  },
  {
    rule: 'an hour begins anew where the clocks change',
    folder: 'contracts/time',
    file: 'calendar.ts',
    from: 'zone.changes[segment - 1] ?? -Infinity)',
    to: 'segment < -1 ? 0 : -Infinity)',
  },
  {
    rule: 'a range ends with the window that holds its last moment',
    ...TIMELINE,
    from: 'floorOn(fixed, to - 1)',
    to: 'floorOn(fixed, to)',
  },
  {
    rule: 'the windows of a period begin with it',
    ...TIMELINE,
    from: "range.kind === 'period' ? from - floorTo(from, windows.every) : 0",
    to: "range.kind === 'period' ? 0 * from : 0",
  },
];
