/** Offsets in [from, before) that are new; what is below `from` is in the Store's rows already. */
export interface NewOffsets {
  from: number;
  before: number;
}

/**
 * Events of a partition that a metric version's part `+partition` holds beside those that were folded (rule 4): imported ones, and
 * late ones of a rebuild, each below its bound.
 */
export interface Added {
  imports: NewOffsets;
  late: NewOffsets;
}

/** The `next` of the rows that are filled in of them: each bound is the offset after a block of its own, and only rises. */
export const nextOf = ({ imports, late }: Added): number => Math.max(imports.before, late.before);
