import type { Slot } from './color-slots.ts';

/** The colours of the current theme, read once per theme from the tokens. */
export interface Inks {
  ground: string;
  /** Under what is chosen. */
  ground3: string;
  ruleFaint: string;
  rule: string;
  ruleStrong: string;
  ink1: string;
  ink2: string;
  ink3: string;
  signal: string;
  signalLine: string;
  glowNear: number;
  glowFar: number;
  /** 0 is "other". */
  series: string[];
  sans: string;
  mono: string;
}

export function readInks(root: Element = document.documentElement): Inks {
  const style = getComputedStyle(root);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: token('ground'),
    ground3: token('ground-3'),
    ruleFaint: token('grid'),
    rule: token('grid-rule'),
    ruleStrong: token('rule-strong'),
    ink1: token('ink-1'),
    ink2: token('ink-2'),
    ink3: token('ink-3'),
    signal: token('signal'),
    signalLine: token('signal-line'),
    glowNear: Number(token('glow-a')),
    glowFar: Number(token('glow-b')),
    series: [token('other'), ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`s${n}`))],
    sans: token('font-ui'),
    mono: token('font-num'),
  };
}

export const inkOf = (inks: Inks, slot: Slot | null): string =>
  slot === null ? inks.ink2 : (inks.series[slot.number] ?? inks.series[0]!);

/** Text beside a chart: 11 px, the narrow cut of the sans. */
export const labelFont = (inks: Inks): string => `semi-condensed 400 11px ${inks.sans}`;
export const figureFont = (inks: Inks): string => `400 11px ${inks.mono}`;
