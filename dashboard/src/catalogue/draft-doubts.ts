import type { EventFacts } from '../app/schema-store.svelte.ts';
import { pathsOfText } from '../sentence/filter-parts.ts';
import { faultOfProperty } from '../sentence/schema-entries.ts';
import { type Draft, isDerivedDraft, splitList } from './draft.ts';
import { sayWhat } from './what-entries.ts';

/** Returns what of a draft does not go with the events that were seen; it may be saved all the same, since others may come. */
export function doubtsOf(draft: Draft, facts: EventFacts | null): string[] {
  if (isDerivedDraft(draft)) return [];
  const { property, needs } = sayWhat(draft.aggregate);
  const said = [
    ...(property === null || property === '' || needs === 'nothing' ? [] : [{ path: property, needs }]),
    ...[...pathsOfText(draft.where), ...splitList(draft.by)].map((path) => ({
      path,
      needs: 'text' as const,
    })),
  ];
  const doubts = said.map(({ path, needs: wanted }) => faultOfProperty(facts, path, wanted));
  return [...new Set(doubts.filter((doubt) => doubt !== null))];
}
