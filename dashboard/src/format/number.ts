/** A figure ready to set: `text` in figures, `suffix` in small type behind it (`k`, `s`), `prefix` before it (a currency). */
export interface Figure {
  prefix: string;
  text: string;
  suffix: string;
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

/** Groups by comma, true minus, fixed decimals. */
export function fixed(value: number, decimals: number): string {
  const [whole, part] = Math.abs(value).toFixed(decimals).split('.') as [string, string | undefined];
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const text = part === undefined ? grouped : `${grouped}.${part}`;
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
const scientific = (value: number): string => value.toExponential(1).replaceAll('-', '−').replace('e+', 'e');

function scaled(value: number, unit: string): [number, string] {
  const size = Math.abs(value);
  if (unit === 'ms') return size >= 999.5 ? [value / 1_000, 's'] : [value, 'ms'];
  const divisor = unit === 'k' ? undefined : STEPS.find(([least]) => size >= least);
  if (divisor === undefined) return [value, unit];
  const by = divisor[1] === 'k' ? 1_000 : divisor[0];
  return [value / by, divisor[1] + (unit === '' || unit.startsWith('/') ? unit : ` ${unit}`)];
}

/** The figure of a stat panel. */
export function formatFigure(value: number | null, unit: string): Figure {
  const currency = CURRENCIES.has(unit);
  const prefix = currency ? unit : '';
  if (value === null || !Number.isFinite(value)) return { prefix: '', text: NO_VALUE, suffix: '' };
  if (unit === '%') return { prefix, text: fixed(value, Math.abs(value) < 10 ? 2 : 1), suffix: '%' };
  if (Math.abs(value) >= 1e21 || (value !== 0 && Math.abs(value) < 1e-6))
    return { prefix, text: scientific(value), suffix: currency ? '' : unit };
  const [size, suffix] = scaled(value, currency ? '' : unit);
  const big = suffix !== (currency ? '' : unit) && suffix !== 's';
  return { prefix, text: big ? fixed(size, Math.abs(size) < 10 ? 2 : 1) : significant(size), suffix };
}

/** A value beside a trace or in a table: the unit stands in the header, so only a scale letter is added. */
export function formatValue(value: number | null, unit = ''): string {
  const { text, suffix } = formatFigure(value, unit === 'ms' || unit === '%' ? unit : '');
  if (suffix === '' || suffix === '%' || suffix === 'ms') return text;
  return `${text} ${suffix}`;
}

/** Labels of a y axis: as many decimals as the step needs, one scale letter for all of them. */
export function formatTicks(ticks: readonly number[]): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  const [divisor, letter] = STEPS.find(([least]) => largest >= least) ?? [1, ''];
  const by = letter === 'k' ? 1_000 : divisor;
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) / by : 1;
  const decimals = Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9)));
  if (largest >= 1e21 || step < 1e-8) return ticks.map((t) => (t === 0 ? '0' : scientific(t)));
  return ticks.map((t) => (t === 0 ? '0' : fixed(t / by, decimals) + (letter && ` ${letter}`)));
}
