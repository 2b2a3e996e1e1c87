import type { Aggregate } from '#aggregates/aggregate.ts';
import { type Fault, ok, type Result, refuse, shown } from '#contracts/errors.ts';
import type { DerivedMetric } from '#contracts/metric/derived-metric.ts';
import type { Expression, ExpressionOf, MetricPart } from '#contracts/metric/expression/expression.ts';
import { givenUnit, type Unit, unitOf, unitText } from '#contracts/metric/expression/expression-units.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { DAY, formatDuration } from '#contracts/text/duration.ts';
import { nearestNames } from '#contracts/text/nearest-names.ts';

/** A metric that is folded, in the version that is served. */
export interface FoldedMetric {
  version: number;
  metric: Metric;
  aggregate: Aggregate;
}

/** A metric that a derived one is computed from, with those of its dimensions that take part. */
export interface Part extends FoldedMetric {
  dimensions: readonly string[];
}

/** A value of a part: the index of the part and of its output, and how much earlier its window is, ms. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly part: number;
  readonly output: number;
  readonly shift: number;
}

/** What is known of a metric to those who ask for it, folded or not. */
export type ShownMetric = Pick<
  Metric,
  'id' | 'title' | 'unit' | 'better' | 'events' | 'groupBy' | 'window' | 'pane'
>;

/** A derived metric with all that it is computed from: its parts are folded metrics, those of other derived ones in place. */
export interface ExpandedMetric extends ShownMetric {
  expression: ExpressionOf<Leaf>;
  parts: readonly Part[];
  /** Every metric that it is computed from, in which version. */
  uses: ReadonlyMap<string, number>;
}

/** What the definitions have under an id. */
export type LookUp = (id: string) => Result<FoldedMetric | { version: number; derived: DerivedMetric }>;

/** Derived metrics that are computed from one another. */
const MAX_LEVELS = 8;
/** Values that one is computed from, and different metrics and dimensions among them. */
const MAX_LEAVES = 200;
const MAX_PARTS = 16;
const MAX_DIMENSIONS = 8;

/**
 * Puts the parts of a derived metric in their place, down to metrics that are folded. Refuses what does not exist, what is computed
 * from itself, what is too large, and units that do not fit. `names`: ids that exist, to guess from.
 */
export function expandDerived(
  metric: DerivedMetric,
  lookUp: LookUp,
  names: () => Iterable<string> = () => [],
): Result<ExpandedMetric> {
  const expansion = new Expansion(lookUp, names);
  const expanded = expansion.expand(metric, { path: [metric.id], shift: 0, within: metric.groupBy });
  if (expanded === null) return { ok: false, fault: expansion.fault! };
  const { parts, uses } = expansion;
  const shown = showMetric(metric, parts, unitText(expanded.unit));
  if (!shown.ok) return shown;
  const odd = expansion.shifts.find((shift) => shift % shown.value.pane !== 0);
  if (odd === undefined) return ok({ ...shown.value, expression: expanded.expression, parts, uses });
  const panes = formatDuration(shown.value.pane);
  return refused(
    'invalid_expression',
    `previous: expected a multiple of the panes of ${panes}, got ${formatDuration(odd)}.`,
  );
}

const refused = (code: Fault['code'], text: string) => refuse(code, `expression: ${text}`, 'expression');

/** Where an expression is expanded. */
interface Place {
  /** Ids of derived metrics, from the outermost to this one. */
  path: readonly string[];
  shift: number;
  /** The dimensions that the metrics around it leave; null for all. */
  within: readonly string[] | null;
}

interface Expanded {
  expression: ExpressionOf<Leaf>;
  unit: Unit;
}

class Expansion {
  readonly parts: Part[] = [];
  readonly uses = new Map<string, number>();
  /** All that `previous` adds up to. */
  readonly shifts: number[] = [];
  /** The first that was found. */
  fault: Fault | null = null;
  readonly #lookUp: LookUp;
  readonly #names: () => Iterable<string>;
  readonly #units = new Map<string, Unit>();
  #leaves = 0;

  constructor(lookUp: LookUp, names: () => Iterable<string>) {
    this.#lookUp = lookUp;
    this.#names = names;
  }

  expand(metric: DerivedMetric, place: Place): Expanded | null {
    const expression = this.#replace(metric.expression, place);
    if (expression === null) return null;
    if (metric.unit !== '') return { expression, unit: givenUnit(metric.unit) };
    const unit = unitOf(metric.expression, ({ id }) => this.#units.get(id)!);
    if (unit.ok) return { expression, unit: unit.value };
    const where = place.path.length === 1 ? '' : ` In ${shown(metric.id)}.`;
    this.fault = { ...unit.fault, message: `${unit.fault.message}${where}` };
    return null;
  }

  #fail(code: Fault['code'], text: string): null {
    this.fault ??= refused(code, text).fault;
    return null;
  }

  #replace(expression: Expression, place: Place): ExpressionOf<Leaf> | null {
    switch (expression.kind) {
      case 'number':
        return expression;
      case 'metric':
        return this.#part(expression, place);
      case 'previous':
        return this.#replace(expression.of, { ...place, shift: place.shift + expression.by });
      case 'negate': {
        const of = this.#replace(expression.of, place);
        return of === null ? null : { kind: 'negate', of };
      }
      case 'binary': {
        const left = this.#replace(expression.left, place);
        const right = left === null ? null : this.#replace(expression.right, place);
        return left === null || right === null ? null : { kind: 'binary', op: expression.op, left, right };
      }
      case 'call': {
        const args: ExpressionOf<Leaf>[] = [];
        for (const arg of expression.args) {
          const replaced = this.#replace(arg, place);
          if (replaced === null) return null;
          args.push(replaced);
        }
        return { kind: 'call', name: expression.name, args };
      }
    }
  }

  #part(part: MetricPart, place: Place): ExpressionOf<Leaf> | null {
    const { id } = part;
    const { path } = place;
    if (path.includes(id)) {
      const circle = [...path.slice(path.indexOf(id)), id].join(' → ');
      return this.#fail('invalid_expression', `${shown(id)} is computed from itself: ${circle}.`);
    }
    const found = this.#lookUp(id);
    if (!found.ok) {
      const isUnknown = found.fault.code === 'unknown_metric';
      const text = isUnknown ? `there is no metric ${shown(id)}.${this.#guess(id)}` : found.fault.message;
      return this.#fail('unknown_part', text);
    }
    this.uses.set(id, found.value.version);
    return 'derived' in found.value
      ? this.#derived(part, found.value.derived, place)
      : this.#leaf(part, found.value, place);
  }

  #guess(id: string): string {
    const names = [...this.#names()];
    const quoted = names.find((name) => name !== id && name.split(/[.-]/)[0] === id);
    if (quoted !== undefined) return ` Is ${JSON.stringify(quoted)} meant? Ids with "." or "-" are quoted.`;
    const [near] = nearestNames(id, names);
    return near === undefined ? '' : ` Is ${near} meant?`;
  }

  #derived({ id, output }: MetricPart, derived: DerivedMetric, place: Place): ExpressionOf<Leaf> | null {
    if (output !== null && output !== 'value')
      return this.#fail('unknown_part', `${shown(id)} has no output ${shown(output)}; it has value.`);
    const path = [...place.path, id];
    if (path.length > MAX_LEVELS)
      return this.#fail(
        'invalid_expression',
        `at most ${MAX_LEVELS} derived metrics may be computed from one another, got ${path.join(' → ')}.`,
      );
    const within = both(place.within, derived.groupBy);
    const expanded = this.expand(derived, { ...place, path, within });
    if (expanded === null) return null;
    this.#units.set(id, expanded.unit);
    return expanded.expression;
  }

  #leaf({ id, output }: MetricPart, found: FoldedMetric, place: Place): ExpressionOf<Leaf> | null {
    const { metric, aggregate } = found;
    const outputs = aggregate.outputs(metric.aggregate);
    const index = output === null ? 0 : outputs.indexOf(output);
    if (index < 0 || (output === null && outputs.length > 1)) {
      const what =
        output === null ? 'has several outputs: name one of' : `has no output ${shown(output)}; it has`;
      return this.#fail('unknown_part', `${shown(id)} ${what} ${outputs.join(', ')}.`);
    }
    if (++this.#leaves > MAX_LEAVES)
      return this.#fail(
        'invalid_expression',
        `at most ${MAX_LEAVES} values may be computed from, with those of its parts.`,
      );
    if (!Number.isSafeInteger(place.shift))
      return this.#fail('invalid_expression', 'previous: that much earlier there is no time.');
    this.#units.set(id, givenUnit(metric.unit));
    const dimensions = metric.groupBy.filter((d) => place.within === null || place.within.includes(d));
    const key = JSON.stringify([id, dimensions]);
    let part = this.parts.findIndex((one) => JSON.stringify([one.metric.id, one.dimensions]) === key);
    if (part < 0) part = this.parts.push({ ...found, dimensions }) - 1;
    if (this.parts.length > MAX_PARTS)
      return this.#fail('invalid_expression', `at most ${MAX_PARTS} metrics may be computed from.`);
    this.shifts.push(place.shift);
    return { kind: 'leaf', part, output: index, shift: place.shift };
  }
}

const both = (a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null =>
  a === null ? b : b === null ? a : a.filter((one) => b.includes(one));

/** What a derived metric has of its parts: dimensions, panes that all of theirs divide, and a window of such panes. */
function showMetric(metric: DerivedMetric, parts: readonly Part[], unit: string): Result<ShownMetric> {
  if (parts.length === 0)
    return refused('invalid_expression', 'expected at least one metric, found only numbers.');
  const all = [...new Set(parts.flatMap(({ dimensions }) => dimensions))];
  const other = metric.groupBy?.find((dimension) => !all.includes(dimension));
  if (other !== undefined) {
    const message = `groupBy: ${shown(other)} is no dimension of the parts; they have ${shown([...new Set(parts.flatMap((part) => part.metric.groupBy))])}.`;
    return refuse('invalid_definition', message, 'groupBy');
  }
  const groupBy = metric.groupBy ?? all;
  if (groupBy.length > MAX_DIMENSIONS)
    return refuse(
      'invalid_definition',
      `groupBy: the parts have more than ${MAX_DIMENSIONS} dimensions together: name those to keep.`,
      'groupBy',
    );
  const pane = parts.reduce((common, part) => leastCommonMultiple(common, part.metric.pane), 1);
  if (pane > DAY)
    return refused(
      'invalid_expression',
      `panes of ${parts.map((part) => formatDuration(part.metric.pane)).join(', ')} have no common multiple of at most 1d.`,
    );
  const wanted = metric.window ?? Math.max(...parts.map((part) => part.metric.window));
  // Parts may have got other panes since a window was chosen.
  const window = Math.ceil(wanted / pane) * pane;
  const events = parts.some((part) => part.metric.events === null)
    ? null
    : [...new Set(parts.flatMap((part) => part.metric.events ?? []))].sort();
  const { id, title, better } = metric;
  return ok({ id, title, unit, better, events, groupBy, window, pane });
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
