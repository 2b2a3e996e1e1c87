import type { ChainRules } from './chains.ts';
import { STEP } from './key-progress.ts';

const bit = (step: number): string => `bitTest(value, ${step - 1})`;

/** What the later rows of a sequence have, from the last on. */
const LATER =
  'OVER (PARTITION BY part, sequence ORDER BY ts DESC, offset DESC, index DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)';

/**
 * Adds the column `name`: of each row the first later row that may be the second step, the first after that which may be the third, and so
 * on, as arrays of `place`. Of the rows that fit. A window for each step, from the last one on: each looks at a row once.
 */
function stepsSql(
  rows: string,
  { name, place, steps, fits }: { name: string; place: string; steps: number; fits?: string },
): string {
  let sql = rows;
  for (let step = steps; step >= 2; step--) {
    const rest = step === steps ? '' : `, ${name}${step + 1}`;
    const chain = rest === '' ? `[${place}]` : `arrayConcat([${place}]${rest})`;
    const isStep = fits === undefined ? bit(step) : `${bit(step)} AND ${fits}`;
    sql = `SELECT *, anyLastIf(${chain}, ${isStep}) ${LATER} AS ${name}${step} FROM (${sql})`;
  }
  return sql;
}

/**
 * What `advance` gives for each row. Below a position also of the entries there that come to a step earlier by rows which are not: what they
 * reach by then, and the position of the first of these rows in the log; each row has all of them within the span beside it then, which
 * a back-fill and a preview never ask for.
 */
export function chainsSql(rows: string, { steps, span, from }: ChainRules & { from: number }): string {
  const reached = `(1 + arrayCount(step -> step - ts <= ${span}, time2) AS reached)`;
  const best = `reached * ${STEP} + if(reached = ${steps}, ${STEP - 1} - (time2[${steps - 1}] - ts), 0)`;
  const value = `if(${bit(1)}, [murmurHash3_32(member), xxHash32(member), toUInt32(if(${reached} > 0, ${best}, 0))], [])`;
  const chains = stepsSql(rows, { name: 'time', place: 'ts', steps });
  if (from === 0)
    return `SELECT part, pane, isImported, dims, ts, position, ${value} AS value FROM (${chains})`;
  const below = stepsSql(chains, { name: 'below', place: '(ts, offset, index)', steps, fits: 'isBelow' });
  // A row may be the step after those that the entry reaches before it.
  const isStep = `(row.1, row.2, row.3) > (ts, offset, index) AND bitTest(row.4, 1 + arrayCount(step -> step < (row.1, row.2, row.3), below2))`;
  return `
    SELECT part, pane, isImported, dims, ts, if(isBelow, due[1], position) AS position, ${value} AS value
    FROM (
      SELECT *, if(isBelow AND ${bit(1)}, arraySort(arrayMap(row -> (row.2, row.3), arrayFilter(row -> ${isStep}, added))), []) AS due
      FROM (
        SELECT *, groupArrayIf((ts, offset, index, value), NOT isBelow)
          OVER (PARTITION BY part, sequence ORDER BY ts RANGE BETWEEN CURRENT ROW AND ${span} FOLLOWING) AS added
        FROM (${below})
      )
    )
    WHERE NOT isBelow OR notEmpty(due)`;
}
