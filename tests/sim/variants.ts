/** A text of the code and its replacement. */
export interface Patch {
  /** Below `aggregator/core/`, or below the folder that is named. */
  file: string;
  folder?: string;
  from: string;
  to: string;
}

/**
 * Weakened copies of the code: each undoes one rule by a text patch that must match exactly once. The simulation has
 * to find every one of them; for one that it does not find, nothing guards the rule.
 */
export interface Variant extends Patch {
  rule: string;
  /** Where one rule has two guards, the other ones. */
  also?: readonly Patch[];
  /** From which seed on runs are tried, where none of the first ones shows it. */
  firstSeed?: number;
}

const ORDER = "['updates', 'panes', 'archive', 'commits']";

export const VARIANTS: readonly Variant[] = [
  {
    rule: '1: pane rows are stored before the commit row',
    file: 'flush.ts',
    from: ORDER,
    to: "['updates', 'archive', 'commits', 'panes']",
  },
  {
    rule: '1: archive rows are stored before the commit row',
    file: 'flush.ts',
    from: ORDER,
    to: "['updates', 'panes', 'commits', 'archive']",
  },
  {
    rule: '1: updates are published before the commit row',
    file: 'flush.ts',
    from: ORDER,
    to: "['panes', 'archive', 'commits', 'updates']",
  },
  {
    rule: '1: a block is skipped for each row that already holds it',
    file: 'fold/metric-cells.ts',
    from: 'if (at.offset < cell.next) return;',
    to: '',
  },
  {
    rule: '1: P is captured with the rows, not read when the commit row is written',
    file: 'unstored.ts',
    from: '{ part: at.partition, next: at.nextOffset, identity: this.#identity, facts }',
    to: '{ part: at.partition, get next() { return at.nextOffset; }, identity: this.#identity, facts }',
  },
  {
    rule: '1: rows stay dirty until the commit is acknowledged',
    file: 'unstored.ts',
    from: 'cells: all.flatMap((cells) => cells.dirty),',
    to: 'cells: all.flatMap((cells) => { const held = cells.dirty; cells.dirty = []; for (const c of held) c.dirty = false; return held; }),',
  },
  {
    rule: '1: a cell that moved during the flush stays dirty',
    file: 'flush.ts',
    from: 'if (cell.next !== flush.panes[i]!.next) continue;',
    to: 'if (i < 0) continue;',
  },
  {
    rule: '1: restore reads the commit row first, then the rows',
    file: 'restore/restore-partition.ts',
    from: 'return { commit, ...states, sequences, ids: yield* restoreIds(commit, idKey) };',
    to: "const ids = yield* restoreIds(commit, idKey); return { commit: (yield { read: 'commit' }) as CommitRow, ...states, sequences, ids };",
  },
  {
    rule: '1: a repeated block is skipped whole',
    file: 'dedup/recent-blocks.ts',
    from: 'has: (id) => ids.has(id),',
    to: 'has: () => false,',
  },
  {
    rule: '1: block ids ride in the commit row',
    file: 'partition.ts',
    from: 'createRecentBlocks(facts.blocks)',
    to: 'createRecentBlocks([])',
  },
  {
    rule: '2: an event is judged by the watermark of earlier blocks',
    file: 'partition.ts',
    from: 'if (this.#isFirst(event))',
    to: 'at.watermark = reached; if (this.#isFirst(event))',
  },
  {
    rule: '2: the watermark does not follow timestamps beyond receipt',
    file: 'partition.ts',
    from: 'const time = Math.min(event.ts, received);',
    to: 'const time = event.ts;',
  },
  {
    rule: '2: late is judged by the event, not by its pane',
    folder: 'aggregates/judge',
    file: 'judge-event.ts',
    from: 'if (isLate(event.ts, compiled.metric.lateness, watermark)) return LATE;',
    // As `isFinal` of the pane.
    to: 'if (isLate(event.ts - (event.ts % compiled.metric.pane) + compiled.metric.pane, compiled.metric.lateness, watermark)) return LATE;',
  },
  {
    rule: '2: a pane goes from memory when it is final, not when it has ended',
    file: 'fold/metric-cells.ts',
    from: 'if (!isFinal(start, size, settling, watermark)) continue;',
    to: 'if (!isFinal(start, size, 0 * settling, watermark)) continue;',
  },
  {
    rule: '2: restore takes the panes that eviction keeps',
    file: 'restore/restore-panes.ts',
    from: '!isFinal(row.pane, pane, settling, commit.facts.watermark)',
    to: '!isFinal(row.pane, 0, settling, commit.facts.watermark)',
  },
  {
    rule: '2: the watermark is restored from the commit row',
    file: 'partition.ts',
    from: 'this.watermark = facts.watermark;',
    to: 'this.watermark = restored.panes.reduce((w: number | null, r) => Math.max(w ?? 0, r.pane + 2_000), null);',
  },
  {
    rule: '3: after a restart the ids come from the archive',
    file: 'restore/restore-partition.ts',
    from: 'ids: yield* restoreIds(commit, idKey)',
    to: 'ids: createIdWindow(commit.facts.ids)',
  },
  {
    rule: '3: only archive rows below P count as seen',
    file: 'restore/restore-ids.ts',
    from: 'let before = next;',
    to: 'let before = next + 100;',
  },
  {
    rule: '3: an id is dead after the horizon',
    file: 'dedup/id-window.ts',
    from: '(bounds.after === null || table.timeOf(known) > bounds.after)',
    to: 'bounds.from >= 0',
  },
  {
    rule: '3: an id dropped by the cap stays dropped after a restart',
    file: 'restore/restore-ids.ts',
    from: 'whole.filter((row) => row.offset >= facts.ids.from)',
    to: 'whole.filter((row) => row.offset >= 0 * facts.ids.from)',
  },
  {
    rule: '3: a smaller cap of ids holds from its control block on',
    file: 'partition.ts',
    from: 'this.droppedIds += this.#ids.closeBlock(offset, this.watermark, settings);',
    to: '',
  },
  {
    rule: '3: identity is key and id',
    file: 'partition.ts',
    from: 'const { a, b } = hashId(this.#options.idKey, event.key, event.id);',
    to: 'const { a, b } = hashId(this.#options.idKey, null, event.id);',
  },
  {
    rule: '6: names are given by pane, in order of appearance',
    file: 'fold/place-group.ts',
    from: 'const taken = levels === true ? named[level]! : placesTaken(named);',
    to: 'const taken = cells.size;',
  },
  {
    rule: '6: a changed cap leaves begun panes alone',
    file: 'fold/pane-caps.ts',
    from: 'const from = latest === null ? 0 : latest + 1;',
    to: 'const from = 0;',
  },
  {
    rule: '7: the first control block of a metric wins',
    file: 'fold/active-metrics.ts',
    from: 'if (this.#find(active.metric, active.version) !== undefined) return ok(null);',
    to: 'this.#folding = this.#folding.filter((c) => c.active.metric !== active.metric);',
  },
  {
    rule: '7: the back-fill waits for a commit beyond the activation',
    file: 'fills.ts',
    from: 'if (at.committed <= active.activation) return null;',
    to: '',
  },
  {
    rule: '7: the back-fill is recorded in the commit row',
    file: 'fills.ts',
    from: 'if (history) active.backfilled = true;',
    to: 'if (history) active.backfilled = active.activation < 0;',
  },
  {
    rule: '9: what the Log did not take is published again',
    file: 'publication.ts',
    from: 'for (const cell of held) cells.markChanged(cell);',
    to: '',
  },
];
