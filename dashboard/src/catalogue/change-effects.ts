import { pathsIn } from '#contracts/filter/filter.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import { type Draft, isDerivedDraft, splitList } from './draft.ts';
import type { Catalogue, Uses } from './metric-list.ts';

/** One thing that saving a change will do. */
export interface Effect {
  text: string;
  /** Something that is there now will not be any more. */
  adverse: boolean;
}

/** Fields whose change makes another version: what is counted before and after is not the same. */
const COUNTED = ['event', 'where', 'aggregate', 'by', 'lateness'] as const;
const IN_PLACE = ['title', 'unit', 'better', 'window'] as const;
const NAMES: Record<(typeof COUNTED)[number] | (typeof IN_PLACE)[number], string> = {
  ...{ event: 'the event', where: 'the filter', aggregate: 'what is computed', by: 'the split' },
  ...{ lateness: 'how late events may be', title: 'the title', unit: 'the unit' },
  ...{ better: 'which way is better', window: 'the window' },
};

/** What a metric is among. */
interface Surroundings {
  id: string;
  catalogue: Catalogue;
  uses: Uses;
}

/** Returns what saving a changed definition will do to what is there. */
export function effectsOf(before: Draft, after: Draft, { id, catalogue, uses }: Surroundings): Effect[] {
  if (isDerivedDraft(before) !== isDerivedDraft(after))
    return [{ text: 'It is computed in another way from the moment of saving on.', adverse: true }];
  if (isDerivedDraft(after)) {
    if (before.expression === after.expression) return inPlace(before, after);
    return [{ text: 'It is computed anew over all of its history, at once.', adverse: false }];
  }
  const counted = COUNTED.filter((field) => before[field] !== after[field]);
  if (counted.length === 0) return inPlace(before, after);
  const names = counted.map((field) => NAMES[field]).join(', ');
  const isShown = uses.boards.length + uses.derived.length > 0;
  return [
    {
      text: `Changes ${names}: a new version is counted, and its history filled in from the archive. The one of now is shown until that is done.`,
      adverse: false,
    },
    ...lostDimensions(before, after, { id, boards: catalogue.boards }),
    ...(isShown ? [{ text: `${usesText(uses)} will show the new numbers.`, adverse: false }] : []),
  ];
}

function inPlace(before: Draft, after: Draft): Effect[] {
  const changed = IN_PLACE.filter((field) => before[field] !== after[field]).map((field) => NAMES[field]);
  if (changed.length === 0) return [];
  return [
    { text: `Changes ${changed.join(', ')}, at once; what is counted stays the same.`, adverse: false },
  ];
}

/** Panels that filter or group by a dimension that the metric will no longer have. */
function lostDimensions(
  before: Draft,
  after: Draft,
  { id, boards }: { id: string; boards: Catalogue['boards'] },
): Effect[] {
  const kept = new Set(splitList(after.by));
  const lost = splitList(before.by).filter((path) => !kept.has(path));
  return lost.flatMap((path) => {
    const panels = boards.flatMap((board) =>
      board.panels
        .filter(({ view }) => view?.metric === id && dimensionsOf(view).includes(path))
        .map((panel) => `${panel.title || panel.id} on ${board.title}`),
    );
    if (panels.length === 0) return [];
    return [{ text: `Without ${path}, ${panels.join(', ')} will show nothing.`, adverse: true }];
  });
}

function dimensionsOf({ groupBy, where }: { groupBy?: unknown; where?: unknown }): unknown[] {
  const read = parseWhere(where);
  return [...[groupBy ?? []].flat(), ...(read.ok ? pathsIn(read.value) : [])];
}

/** `2 boards and 1 derived metric`. */
export function usesText({ boards, derived }: Uses): string {
  const count = (n: number, one: string): string[] => (n === 0 ? [] : [`${n} ${one}${n === 1 ? '' : 's'}`]);
  return [...count(boards.length, 'board'), ...count(derived.length, 'derived metric')].join(' and ');
}
