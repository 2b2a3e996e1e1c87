import type { EventPosition } from '#contracts/event/event-position.ts';
import type { Explanation } from '#contracts/metric/explanation.ts';
import type { JudgedScope } from '#platform/store/judged-events.ts';
import type { FoldedMetric } from '../../core/derived/expand-derived.ts';
import type { CellQuery } from './cell-query.ts';

/** Pages that may be gone on from; some 2 KB each. */
const MOST = 500;

/** What is known of a cell beside its page of events, which follows as text. */
export type CellFacts = Omit<Explanation, 'events' | 'searched' | 'next'>;

/** The same, and which events it is about. */
export interface CountedCells {
  scope: JudgedScope;
  facts: CellFacts;
}

/** Where a page of the events of cells begins. */
export interface CellPage {
  known: FoldedMetric;
  cells: CellQuery;
  before: EventPosition;
}

/** What was counted with a page of the events of cells, for the page that follows it: counting them again would cost more than that page. */
export interface PagedCells {
  /** What the newest page had that ended there; null where it is not known any more. */
  find(page: CellPage): CountedCells | null;
  keep(page: CellPage, counted: CountedCells): void;
}

export function createPagedCells(most = MOST): PagedCells {
  const kept = new Map<string, CountedCells>();
  return {
    find: (page) => kept.get(textOf(page)) ?? null,
    keep(page, counted) {
      const text = textOf(page);
      // In the order in which they were kept last.
      kept.delete(text);
      kept.set(text, counted);
      if (kept.size > most) kept.delete(kept.keys().next().value!);
    },
  };
}

function textOf({ known, cells, before }: CellPage): string {
  const { from, to, where } = cells;
  const { ts, part, offset, index } = before;
  return JSON.stringify([known.metric.id, known.version, from, to, where, ts, part, offset, index]);
}
