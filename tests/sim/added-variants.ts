import type { Variant } from './variants.ts';

/** Weakened copies for runs with imports and rebuilds; the others are in `variants.ts`. */
export const ADDED_VARIANTS: readonly Variant[] = [
  {
    rule: '2: imported events do not move the watermark',
    file: 'partition.ts',
    from: 'if (!imported) {',
    to: 'if (imported || !imported) {',
  },
  {
    rule: '4: imported events are not folded',
    file: 'fold/active-metrics.ts',
    from: 'if (row.imported) {',
    to: 'if (row.imported && row.offset < 0) {',
  },
  {
    rule: '4: the archive says what was imported',
    file: 'unstored.ts',
    from: 'imported: headers.imported,',
    to: 'imported: headers.imported && headers.block !== null,',
  },
  {
    rule: '4: where the imported events end is in the commit row',
    file: 'partition.ts',
    from: 'this.#imports = facts.imports ?? 0;',
    to: 'this.#imports = 0;',
  },
  {
    rule: '4: a fill takes no imported events that are not committed',
    file: 'fills.ts',
    from: 'Math.min(at.imports, at.committed)',
    to: 'at.imports',
  },
  {
    rule: '4: a rebuild waits for a commit beyond its control block',
    file: 'fills.ts',
    from: 'late !== undefined && late.below <= at.committed && !isCancelled',
    to: 'late !== undefined && !isCancelled',
  },
  {
    rule: '4: a fill is recorded up to the bound that it had',
    file: 'fills.ts',
    from: 'Math.max(late.filled, added.late.before)',
    to: 'late.below',
  },
  {
    rule: '4: of a rebuild the first control block counts',
    file: 'fills.ts',
    from: 'added.late.request >= request',
    to: 'added.late.request > request',
  },
  {
    rule: '4: a newer rebuild counts what came since the older one',
    file: 'fills.ts',
    from: 'added.late.request >= request',
    to: 'added.late.request >= 0 * request',
  },
  {
    rule: '4: what was imported before a metric began counts for it',
    file: 'partition.ts',
    from: 'if (this.#imports > 0) this.#metrics.noteImports(this.settings);',
    to: '',
  },
  {
    rule: '6: the cap of imported and late events stays as it was first',
    file: 'fills.ts',
    from: 'active.added ??= { ...fillCaps(caps),',
    to: 'active.added = { ...active.added, ...fillCaps(caps),',
    also: [
      {
        file: 'fills.ts',
        from: ' imports: 0 };',
        to: ' imports: active.added?.imports ?? 0 };',
      },
    ],
  },
];
