import type { Action } from './plan-run.ts';

/** The longest time that any client had no news, by kind of fault. For people to read; nothing is judged by it. */
export interface QuietTimes {
  add(actions: readonly Action[], longest: number): void;
  describe(): string;
}

export function createQuietTimes(): QuietTimes {
  const longest = new Map<string, number>();
  return {
    add(actions, ms) {
      const kinds = [...new Set(actions.map(({ kind, part }) => `${kind} ${part}`))];
      const alone = kinds.length === 1 ? kinds[0]! : 'several kinds at once';
      longest.set(alone, Math.max(longest.get(alone) ?? 0, ms));
    },
    describe: () =>
      [...longest]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([kind, ms]) => `${kind}: ${(ms / 1_000).toFixed(1)} s`)
        .join(', '),
  };
}
