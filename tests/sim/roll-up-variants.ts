import type { Variant } from './variants.ts';

const COMMITTED = 'roll-ups/roll-up-committed.ts';
const FILLED = 'roll-ups/roll-up-filled.ts';
const ROWS = "if (rollUps.size > 0) yield { step: 'roll-up', rollUps: [...rollUps.values()] };";
const MARK = "yield { step: 'mark', marks };";

/** Copies of the core without a part of rule 5. */
export const ROLL_UP_VARIANTS: readonly Variant[] = [
  {
    rule: '5: rows are there before the mark',
    file: COMMITTED,
    from: `${ROWS}\n  ${MARK}`,
    to: `${MARK}\n  ${ROWS}`,
  },
  {
    rule: '5: only what no event can reach is rolled up',
    file: COMMITTED,
    from: 'watermark - settling',
    to: 'watermark',
  },
  {
    rule: '5: a coarse pane is rolled up when it has ended, not when it has begun',
    file: COMMITTED,
    from: 'const to = floorTo(Math.min(',
    to: 'const to = tier.size + floorTo(Math.min(',
  },
  {
    rule: '5: hours are made of minutes that are there',
    file: COMMITTED,
    from: 'finer === undefined ? watermark : (marked.get(keyOf({ ...id, tier: finer.size })) ?? 0)',
    to: 'finer === undefined ? watermark : watermark + 0 * marked.size',
    also: [
      {
        file: COMMITTED,
        from: "for (const tier of ['minute', 'hour'] as const)",
        to: "for (const tier of ['hour', 'minute'] as const)",
      },
    ],
  },
  {
    rule: '5: what a fill writes is rolled up before it is announced',
    file: FILLED,
    from: 'if (largest === undefined) return;',
    to: 'if (largest !== undefined) return; if (largest === undefined) return;',
  },
  {
    rule: '5: a fill is rolled up whatever the marks are',
    file: FILLED,
    from: 'for (let from = begin; from < end; )',
    to: 'for (let from = begin + 1_600_000_000_000 + 4_000; from < end; )',
  },
];

/** Too rare for random search. */
export const UNRECORDED_BACKFILL: Variant = {
  rule: '5: a back-fill that is not recorded is left to itself',
  file: COMMITTED,
  from: 'const parts = one.backfilled ?',
  to: 'const parts = one.activation >= 0 ?',
};
