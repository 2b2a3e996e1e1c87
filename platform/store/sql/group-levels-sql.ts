import { OTHER } from '#contracts/metric/dimension.ts';
import { quoteText } from '../connection/bind-params.ts';

/** The level of a group: the number of its dimensions up to the last that is named (`levelOf`). */
export const levelSql = (dims: string): string => `arrayLastIndex(d -> d != ${quoteText(OTHER)}, ${dims})`;

/** A group of which the first `kept` dimensions keep their texts (`cutGroup`). */
export const cutSql = (dims: string, kept: string): string =>
  `arrayResize(arraySlice(${dims}, 1, ${kept}), length(${dims}), ${quoteText(OTHER)})`;

/**
 * Rows of one group each (`part, pane, isImported, dims, first, nums, keys, counts`) under the names that they keep (rule 6): of the
 * groups at a level the first `{groups}` by position, in each pane and part, imported ones for themselves. The others are cut to the
 * level below, and rank among those of that level; without levels they lose all dimensions at once. `size`: number of dimensions.
 */
export function namedSql(groups: string, size: number, byLevels: boolean): string {
  const level = levelSql('dims');
  if (!byLevels) return placedSql(groups, { level: `toUInt8(${level} > 0)`, at: 1, came: 'first' });
  let rows = groups;
  for (let at = size; at > 0; at--) {
    // Below the last level several groups may have become one, which came with the first of them.
    const came = at < size ? 'min(first) OVER (PARTITION BY part, pane, isImported, dims)' : 'first';
    rows = placedSql(rows, { level, at, came });
  }
  return rows;
}

/** Cuts the groups at a level that find no place there; they came in the order of `came`. */
const placedSql = (
  rows: string,
  { level, at, came }: { level: string; at: number; came: string },
): string => `
    SELECT part, pane, isImported, first, nums, keys, counts,
      if(level = ${at} AND place > {groups:UInt64}, ${cutSql('dims', String(at - 1))}, dims) AS dims
    FROM (
      SELECT part, pane, isImported, dims, first, nums, keys, counts, level,
        dense_rank() OVER (PARTITION BY part, pane, isImported, level ORDER BY came) AS place
      FROM (
        SELECT part, pane, isImported, dims, first, nums, keys, counts, ${level} AS level, ${came} AS came
        FROM (${rows})
      )
    )`;
