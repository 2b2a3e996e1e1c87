import { isRecord } from '#contracts/is-record.ts';
import { envelopeFieldOf } from '#contracts/metric/envelope.ts';
import { MAX_PATH } from '#contracts/metric/property-path.ts';
import type { Steps } from '../../core/steps.ts';

/** Types of values, as the type table of filters has them. */
export type ValueType = 'text' | 'number' | 'boolean' | 'null' | 'array' | 'object';

/** What the sampled events of a name have under one path. */
export interface PropertyFacts {
  /** As definitions and filters name it. */
  path: string;
  /** Sampled events that have it, null included. */
  events: number;
  /** Events by the type of the value, the most frequent type first. */
  types: { type: ValueType; events: number }[];
  /** Different values, as text; objects and arrays have none. */
  distinct: number;
  /** The most frequent values, as text, with how many events have them. */
  values: { value: string; events: number }[];
  /** Some different values as JSON text, from the newest events. */
  examples: string[];
  /** Of numbers; null without any. */
  min: number | null;
  max: number | null;
}

export interface EventProfile {
  properties: PropertyFacts[];
  /** Paths that were left out, since there are more than are told. */
  leftOut: number;
}

export interface ProfileBounds {
  /** Paths of a name. */
  paths: number;
  /** Values of a path. */
  values: number;
  /** Characters of a value. */
  length: number;
}

/** Paths that are looked at; those that come later are only counted. */
const MOST_PATHS = 2_000;
/** Examples of a path. */
const EXAMPLES = 3;
/** Events of a step. */
const STEP = 20;

interface Facts {
  events: number;
  types: Map<ValueType, number>;
  values: Map<string, number>;
  examples: Set<string>;
  min: number | null;
  max: number | null;
}

/** Describes the properties of events, given as JSON text, in steps: paths by how many events have them, then by name. */
export function* profileEvents(texts: readonly string[], bounds: ProfileBounds): Steps<EventProfile> {
  const all = new Map<string, Facts>();
  const others = new Set<string>();
  for (const [i, text] of texts.entries()) {
    if (i % STEP === STEP - 1) yield;
    for (const [path, value] of flatten('', JSON.parse(text) as Record<string, unknown>)) {
      const facts = all.get(path) ?? (all.size < MOST_PATHS ? addFacts(all, path) : null);
      if (facts === null) others.add(path);
      else count(facts, value, bounds.length);
    }
  }
  yield;
  const order = ([a, { events: x }]: [string, Facts], [b, { events: y }]: [string, Facts]) =>
    y - x || (a < b ? -1 : 1);
  const ranked = [...all].sort(order);
  yield;
  const properties: PropertyFacts[] = [];
  for (const [path, facts] of ranked.slice(0, bounds.paths)) {
    properties.push(toFacts(path, facts, bounds));
    yield;
  }
  return { properties, leftOut: Math.max(0, ranked.length - bounds.paths) + others.size };
}

function addFacts(all: Map<string, Facts>, path: string): Facts {
  const facts: Facts = {
    events: 0,
    types: new Map(),
    values: new Map(),
    examples: new Set(),
    min: null,
    max: null,
  };
  all.set(path, facts);
  return facts;
}

/** Every path of the properties with its value: those of objects, and of what is in them. */
function* flatten(
  prefix: string,
  object: Record<string, unknown>,
): Generator<[path: string, value: unknown]> {
  for (const [name, value] of Object.entries(object)) {
    const path = prefix + name;
    // A longer one could not be named; the events stay whole all the same.
    if (path === '' || path.length > MAX_PATH) continue;
    yield [path, value];
    if (isRecord(value)) yield* flatten(`${path}.`, value);
  }
}

function count(facts: Facts, value: unknown, length: number): void {
  const type = typeOf(value);
  facts.events += 1;
  if (facts.examples.size < EXAMPLES) facts.examples.add(cut(JSON.stringify(value), length));
  facts.types.set(type, (facts.types.get(type) ?? 0) + 1);
  if (type === 'number') {
    const number = Number(value);
    if (!Number.isFinite(number)) return;
    facts.min = Math.min(facts.min ?? number, number);
    facts.max = Math.max(facts.max ?? number, number);
  }
  if (type === 'null' || type === 'array' || type === 'object') return;
  const text = String(value);
  facts.values.set(text, (facts.values.get(text) ?? 0) + 1);
}

function typeOf(value: unknown): ValueType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' ? 'text' : type === 'number' || type === 'boolean' ? type : 'object';
}

function toFacts(path: string, facts: Facts, { values, length }: ProfileBounds): PropertyFacts {
  const types = [...facts.types].map(([type, events]) => ({ type, events }));
  return {
    path: nameOf(path),
    events: facts.events,
    types: types.sort((a, b) => b.events - a.events),
    distinct: facts.values.size,
    values: mostFrequent(facts.values, values).map(([value, events]) => ({
      value: cut(value, length),
      events,
    })),
    examples: [...facts.examples],
    min: facts.min,
    max: facts.max,
  };
}

/** The highest few, without sorting all: nearly every value may be different. */
function mostFrequent(values: ReadonlyMap<string, number>, most: number): [string, number][] {
  const highest: [string, number][] = [];
  const isBefore = ([a, x]: [string, number], [b, y]: [string, number]) => x > y || (x === y && a < b);
  for (const entry of values) {
    const last = highest[most - 1];
    if (last !== undefined && !isBefore(entry, last)) continue;
    const at = highest.findIndex((other) => isBefore(entry, other));
    highest.splice(at < 0 ? highest.length : at, 0, entry);
    if (highest.length > most) highest.pop();
  }
  return highest;
}

/** A property that is called like a field of the envelope, or like such a name with more of the signs, has one `$` more. */
const nameOf = (path: string): string =>
  envelopeFieldOf(path.replace(/^\$+/, '$')) !== null ? `$${path}` : path;

/** Never between the halves of a surrogate pair. */
const cut = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const isHalf = /[\uD800-\uDBFF]/.test(text[most - 1] ?? '');
  return `${text.slice(0, isHalf ? most - 1 : most)}…`;
};
