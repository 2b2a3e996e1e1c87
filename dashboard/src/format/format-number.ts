/** A figure ready to set: `text` in figures, `suffix` in small type behind it (`k`, `s`), `prefix` before it (a currency). */
export interface Figure {
  prefix: string;
  text: string;
  suffix: string;
}

/** How numbers are marked: `1,234.5`, `1.234,5` or `1 234,5`. */
export type NumberStyle = 'comma' | 'point' | 'space';

export const MARKS: Readonly<Record<NumberStyle, { group: string; decimal: string }>> = {
  comma: { group: ',', decimal: '.' },
  point: { group: '.', decimal: ',' },
  // One that no line breaks at.
  space: { group: '\u00a0', decimal: ',' },
};

/** Writes numbers as a reader likes them. */
export interface NumberFormat {
  /** In groups of three, with a true minus and fixed decimals. */
  fixed(value: number, decimals: number): string;
  /** The figure of a stat panel. */
  figure(value: number | null, unit: string): Figure;
  /**
   * A value beside a trace or in a table: the unit is in the header, so only a scale letter is added. `step` is the distance
   * of the ticks that it is read beside; 0 for none. The value has enough figures to tell the ticks apart.
   */
  value(value: number | null, unit?: string, step?: number): string;
  /** Labels of a y axis, each exactly its tick: one scale letter for all of them where that keeps them short. */
  ticks(ticks: readonly number[]): string[];
}

export const NO_VALUE = '–';
const CURRENCIES = new Set(['€', '$', '£', '¥']);
const STEPS: [number, string][] = [
  [1e18, 'E'],
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
];

/** How many steps of its scale a value may be away from zero until its usual figures, three or two, no longer tell steps apart. */
const MANY_STEPS = { decimal: 100, scientific: 5 };
/** Beyond this many decimals a scale letter makes a number no shorter. */
const LETTER_DECIMALS = 3;

export function createNumberFormat(style: NumberStyle): NumberFormat {
  const { group, decimal } = MARKS[style];

  function fixed(value: number, decimals: number): string {
    const [whole, part] = Math.abs(value).toFixed(decimals).split('.') as [string, string | undefined];
    const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, group);
    const text = part === undefined ? grouped : `${grouped}${decimal}${part}`;
    return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
  }

  /** Three significant figures, four at most; whole numbers below 10,000 stay whole. */
  function significant(value: number): string {
    const size = Math.abs(value);
    if (Number.isInteger(value) && size < 10_000) return fixed(value, 0);
    if (size >= 99.95) return fixed(value, 0);
    if (size >= 9.995) return fixed(value, 1);
    if (size >= 0.095 || size === 0) return fixed(value, 2);
    return fixed(value, Math.min(8, 2 - Math.floor(Math.log10(size))));
  }

  /** Where no scale letter reaches: `1.2e21`. */
  const scientific = (value: number, decimals: number): string =>
    value.toExponential(decimals).replaceAll('-', '−').replace('e+', 'e').replace('.', decimal);

  function figure(value: number | null, unit: string): Figure {
    const currency = CURRENCIES.has(unit);
    const prefix = currency ? unit : '';
    if (value === null || !Number.isFinite(value)) return { prefix: '', text: NO_VALUE, suffix: '' };
    if (isBeyondDecimals(value)) return { prefix, text: scientific(value, 1), suffix: currency ? '' : unit };
    if (unit === '%') return { prefix, text: fixed(value, Math.abs(value) < 10 ? 2 : 1), suffix: '%' };
    const [size, suffix] = scaled(value, currency ? '' : unit);
    const big = suffix !== (currency ? '' : unit) && suffix !== 's';
    return { prefix, text: big ? fixed(size, Math.abs(size) < 10 ? 2 : 1) : significant(size), suffix };
  }

  /** A value as a multiple of 10^place, in the notation that suits numbers up to `largest`. */
  function atPlace(value: number, place: number, largest: number): string {
    if (isBeyondDecimals(largest))
      return scientific(value, Math.max(1, Math.min(16, exponentOf(value) - place)));
    const [least, letter] = STEPS.find(([size]) => largest >= size) ?? [1, ''];
    const by = letter === 'k' ? 1_000 : least;
    const decimals = Math.max(0, Math.round(Math.log10(by)) - place);
    if (letter !== '' && decimals <= LETTER_DECIMALS) return `${fixed(value / by, decimals)} ${letter}`;
    return fixed(value, Math.max(0, -place));
  }

  return {
    fixed,
    figure,
    value(value, unit = '', step = 0) {
      const many = isBeyondDecimals(value ?? 0) ? MANY_STEPS.scientific : MANY_STEPS.decimal;
      if (value !== null && step > 0 && Math.abs(value / many) > step)
        return atPlace(value, Math.floor(Math.log10(step)), Math.abs(value));
      const { text, suffix } = figure(value, unit === 'ms' || unit === '%' ? unit : '');
      if (suffix === '' || suffix === '%' || suffix === 'ms') return text;
      return `${text} ${suffix}`;
    },
    ticks(ticks) {
      const largest = Math.max(0, ...ticks.map(Math.abs));
      const place = Math.min(...ticks.filter((t) => t !== 0).map(lastPlace));
      return ticks.map((t) => (t === 0 ? '0' : atPlace(t, place, largest)));
    },
  };
}

function scaled(value: number, unit: string): [number, string] {
  const size = Math.abs(value);
  if (unit === 'ms') return size >= 999.5 ? [value / 1_000, 's'] : [value, 'ms'];
  const divisor = unit === 'k' ? undefined : STEPS.find(([least]) => size >= least);
  if (divisor === undefined) return [value, unit];
  const by = divisor[1] === 'k' ? 1_000 : divisor[0];
  return [value / by, divisor[1] + (unit === '' || unit.startsWith('/') ? unit : ` ${unit}`)];
}

/** Whether only powers of ten can say how large it is. */
const isBeyondDecimals = (value: number): boolean =>
  Math.abs(value) >= 1e21 || (value !== 0 && Math.abs(value) < 1e-6);

const exponentOf = (value: number): number => Number(value.toExponential().split('e')[1]);

/** The power of ten of the last digit that a number is written with. */
function lastPlace(value: number): number {
  const [digits, exponent] = Math.abs(value).toExponential().split('e') as [string, string];
  return Number(exponent) - (digits.length === 1 ? 0 : digits.length - 2);
}
