import type { ViewContents } from '#contracts/view/frame.ts';
import type { HandCount } from './count-by-hand.ts';

/** What is wrong with the counts shown now, beside those shown before: `held`, which takes them. */
export function judgeCounts(
  contents: ViewContents,
  held: Map<string, number>,
  hand: Pick<HandCount, 'sent'>,
): string[] {
  const shown = countsOf(contents);
  const wrong: string[] = [];
  for (const [cell, count] of held) {
    const [, window] = split(cell);
    const now = shown.get(cell) ?? 0;
    if (window >= contents.start && now < count) wrong.push(`${cell} went from ${count} back to ${now}`);
  }
  for (const [cell, count] of shown) {
    const most = hand.sent(...split(cell));
    if (count > most) wrong.push(`${cell} shows ${count} of ${most} sent`);
    held.set(cell, count);
  }
  return wrong;
}

/** `shop|window` → count. */
export const countsOf = ({ series }: ViewContents): Map<string, number> =>
  new Map(
    [...series.values()].flatMap(({ group, cells }) =>
      [...cells].map(([window, [count]]) => [`${group.join()}|${window}`, count ?? 0] as const),
    ),
  );

function split(cell: string): [shop: string, window: number] {
  const [shop, window] = cell.split('|');
  return [shop!, Number(window)];
}
