import type { Sort } from '../../app/url-state.ts';
import type { Order } from './rank-groups.ts';

/** The order that a table shows: the reader's where the address holds one, else by the first output, the largest first. */
export function orderOf(sort: Sort | undefined, outputs: readonly string[]): Order {
  if (sort?.output === null) return { by: -1, descending: sort.descending };
  const by = sort === undefined ? -1 : outputs.indexOf(sort.output);
  return sort === undefined || by < 0 ? { by: 0, descending: true } : { by, descending: sort.descending };
}

/** What pressing the head of a column asks for: the column it has already turns round; figures begin with the largest, names with the first. */
export function nextSort(panel: string, output: string | null, now: Order, outputs: readonly string[]): Sort {
  const by = output === null ? -1 : outputs.indexOf(output);
  return { panel, output, descending: by === now.by ? !now.descending : output !== null };
}
