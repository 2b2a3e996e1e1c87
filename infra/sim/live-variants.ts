import type { Variant } from './variants.ts';

const HUB = 'gateway/core';

/** Weakened gateways and clients, for the joint world. */
export const LIVE_VARIANTS: readonly Variant[] = [
  {
    rule: 'join: the Store is read once more',
    folder: HUB,
    file: 'view-hub.ts',
    from: 'if (joined) this.#reread(of);',
    to: '',
  },
  {
    rule: 'join: the second read waits for commits past the noted ends',
    folder: HUB,
    file: 'join.ts',
    from: 'if (at < end)',
    to: 'if (at < 0 * end)',
  },
  {
    rule: 'join: the tail begins where the end of the updates was noted, before the ends of the events',
    folder: HUB,
    file: 'view-hub.ts',
    from: 'this.offset = start.offset;',
    to: 'this.offset = start.offset + 1;',
  },
  {
    rule: 'join: what is served before it is done is not resumed from',
    folder: HUB,
    file: 'view-hub.ts',
    from: '}~`',
    to: '}`',
  },
  {
    rule: 'forgetting: what is not committed is kept for views to come',
    folder: HUB,
    file: 'hot-series.ts',
    from: 'if (next > committed(part)) return false;',
    to: '',
  },
  {
    rule: 'forgetting: only committed parts are folded',
    folder: HUB,
    file: 'hot-series.ts',
    from: 'if (this.#loose.has(cell) || cell.folded !== null) continue;',
    to: 'if (cell.folded !== null) continue;',
  },
  {
    rule: 'states: newer replaces older',
    folder: HUB,
    file: 'hot-series.ts',
    from: '|| row.next > known.next',
    to: '|| row.next > 0',
  },
  {
    rule: 'marks: a window that enters the range counts as changed',
    folder: HUB,
    file: 'live-view.ts',
    from: 'window.entered = mark;',
    to: '',
  },
  {
    rule: 'marks: a frame says when membership changed',
    folder: HUB,
    file: 'live-view.ts',
    from: '--series.shown === 0) this.#membersMark = mark;',
    to: '--series.shown === 0) this.#numbers += 0;',
  },
  {
    rule: 'cursor: a view gives out nothing while it reads',
    folder: HUB,
    file: 'metric-views.ts',
    from: 'if (read.to > view.start) return true;',
    to: '',
  },
  {
    rule: 'cursor: one of another epoch gets the whole contents',
    folder: HUB,
    file: 'resume-view.ts',
    from: 'if (epoch !== here.epoch) return view.snapshot();',
    to: '',
  },
  {
    rule: 'back-fill: gateways read it when it is told',
    folder: HUB,
    file: 'view-hub.ts',
    from: 'if (of !== undefined) this.#wanted.askAgain(of);',
    to: '',
  },
  {
    rule: 'client: a frame that does not join what is held is not applied',
    folder: 'contracts',
    file: 'frame.ts',
    from: "if (frame.from > cursor.offset) return 'behind';",
    to: '',
  },
  {
    rule: 'client: series keep their cells by group when another gateway numbers them',
    folder: 'contracts',
    file: 'frame.ts',
    from: 'cells: known.get(groupKey(group)) ?? new Map()',
    to: 'cells: known.get(String(series)) ?? new Map()',
  },
  {
    rule: 'client: behind, it asks again',
    folder: 'client',
    file: 'shared-view.ts',
    from: "else if (outcome === 'behind' && !this.#asking) this.#ask();",
    to: '',
  },
];
