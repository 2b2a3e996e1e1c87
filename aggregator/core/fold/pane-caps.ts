import type { CapStep, GroupCaps } from '#contracts/log/rows.ts';

/** The cap of named groups that holds for each pane, and whether it is one of each level (rule 6). */
export interface PaneCaps {
  /** Notes an event's time. */
  see(ts: number): void;
  /** From here on another cap applies to panes that have no events yet. */
  change(to: Omit<CapStep, 'from'>): void;
  /** What holds for the pane that starts at this time. */
  of(pane: number): CapStep;
  /** Forgets steps that only panes before this time follow. */
  forget(before: number): void;
  facts(): GroupCaps;
}

export function createPaneCaps(restored: GroupCaps): PaneCaps {
  let { latest } = restored;
  let steps = restored.steps.map((step) => ({ ...step }));
  return {
    see(ts) {
      if (latest === null || ts > latest) latest = ts;
    },
    change({ groups, levels }) {
      const from = latest === null ? 0 : latest + 1;
      steps = [
        ...steps.filter((step) => step.from < from),
        { from, groups, ...(levels === undefined ? {} : { levels }) },
      ];
    },
    of(pane) {
      let at = steps.length - 1;
      while (at > 0 && steps[at]!.from > pane) at--;
      return steps[at]!;
    },
    forget(before) {
      while (steps.length > 1 && steps[1]!.from <= before) steps.shift();
    },
    facts: () => ({ latest, steps: steps.map((step) => ({ ...step })) }),
  };
}
