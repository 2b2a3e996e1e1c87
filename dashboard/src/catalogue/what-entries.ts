import { type AggregateCall, formatAggregate, parseAggregate } from '#contracts/metric/aggregate-call.ts';
import { type Entry, findEntries, type Offer } from '../sentence/entry.ts';

/** An aggregate in the words of a sentence. */
interface What {
  word: string;
  name: string;
  /** Numbers beside the property. */
  args?: readonly number[];
  about: string;
  /** What it reads of each event. */
  needs: 'nothing' | 'number' | 'text';
}

const WHATS: readonly What[] = [
  { word: 'count', name: 'count', about: 'how many events', needs: 'nothing' },
  { word: 'rate', name: 'rate', about: 'events per second', needs: 'nothing' },
  { word: 'sum', name: 'sum', about: 'exact for whole numbers', needs: 'number' },
  { word: 'average', name: 'avg', about: 'the mean', needs: 'number' },
  { word: 'p99', name: 'quantiles', args: [0.99], about: 'at most 0.8 % off', needs: 'number' },
  { word: 'p95', name: 'quantiles', args: [0.95], about: 'at most 0.8 % off', needs: 'number' },
  { word: 'p50', name: 'quantiles', args: [0.5], about: 'at most 0.8 % off', needs: 'number' },
  { word: 'p99.9', name: 'quantiles', args: [0.999], about: 'at most 0.8 % off', needs: 'number' },
  {
    word: 'p50, p95, p99',
    name: 'quantiles',
    args: [0.5, 0.95, 0.99],
    about: 'one state, three lines',
    needs: 'number',
  },
  { word: 'distinct', name: 'distinct', about: 'different values, 0.8 % off above 1,024', needs: 'text' },
  { word: 'minimum', name: 'min', about: 'exact', needs: 'number' },
  { word: 'maximum', name: 'max', about: 'exact', needs: 'number' },
  { word: 'newest', name: 'last', about: 'by the time of the event', needs: 'number' },
  { word: 'oldest', name: 'first', about: 'by the time of the event', needs: 'number' },
  { word: 'median', name: 'median', about: 'at most 0.8 % off', needs: 'number' },
  { word: 'standard deviation', name: 'stddev', about: 'of all events', needs: 'number' },
  { word: 'variance', name: 'variance', about: 'of all events', needs: 'number' },
  { word: 'increase', name: 'increase', about: 'of a counter that begins anew', needs: 'number' },
  { word: 'counter rate', name: 'counter_rate', about: 'of a counter, per second', needs: 'number' },
  { word: 'time-weighted mean', name: 'time_weighted', about: 'of a gauge that holds', needs: 'number' },
];

/** Those that are written out, with what they are written with. */
const WRITTEN: readonly Entry[] = [
  { text: 'share( … )', about: 'of events that fit a condition', goesOn: 'share(' },
  { text: 'ratio( … , … )', about: 'of two conditions', goesOn: 'ratio(' },
  { text: 'funnel(30m, … , … )', about: 'steps in order', goesOn: 'funnel(30m, ' },
  { text: 'sessions(30m)', about: 'visits of each key' },
  { text: 'retention(1d, 7)', about: 'keys that come back' },
  { text: 'histogram( … )', about: 'how many in each bucket', goesOn: 'histogram(' },
  { text: 'percentile_rank( … , 300)', about: 'share at or below a bound', goesOn: 'percentile_rank(' },
];

/** An aggregate as a sentence says it: a word and a property, or the call as it is written. */
export interface WhatSaid {
  word: string;
  /** Whether the word is ours, and not what somebody wrote. */
  ours: boolean;
  /** Null where none is read, empty where it is not chosen yet. */
  property: string | null;
  needs: What['needs'];
}

/** Stands where a property is to be chosen. */
export const UNCHOSEN = '…';

export function sayWhat(aggregate: string): WhatSaid {
  const call = parseAggregate(aggregate);
  const what = call.ok ? whatOf(call.value) : null;
  if (!call.ok || what === null) return { word: aggregate, ours: false, property: null, needs: 'nothing' };
  const { field } = call.value;
  const property = what.needs === 'nothing' ? null : field === UNCHOSEN ? '' : (field ?? '');
  return { word: what.word, ours: true, property, needs: what.needs };
}

function whatOf({ name, args, spans = [], conditions = [] }: AggregateCall): What | null {
  if (spans.length + conditions.length > 0) return null;
  const known = WHATS.find((one) => one.name === name && String(one.args ?? []) === String(args));
  if (known !== undefined || name !== 'quantiles') return known ?? null;
  const word = args.map((rank) => `p${Number((rank * 100).toPrecision(7))}`).join(', ');
  return { word, name, args, about: 'at most 0.8 % off', needs: 'number' };
}

/** Offers aggregates; what is written out is taken as soon as it can be read. */
export function offerWhat(typed: string): Offer {
  const words = WHATS.map(({ word, about }): Entry => ({ text: word, about }));
  if (!typed.includes('(')) {
    const entries = findEntries([...words, ...WRITTEN], typed);
    return entries.length > 0 ? { entries } : { entries: [], fault: `There is no aggregate ${typed}.` };
  }
  const closed = typed.trim().endsWith(')') ? typed.trim() : `${typed.trim()})`;
  const call = parseAggregate(closed);
  if (call.ok) return { entries: [{ text: formatAggregate(call.value), about: 'as it is typed' }] };
  return { entries: [], fault: call.fault.message.replace(/^aggregate: /, '') };
}

/** Returns the aggregate for a taken word; the property stays where it is read. */
export function takeWhat(text: string, before: string): string {
  const what = WHATS.find(({ word }) => word === text);
  if (what === undefined) return text;
  return callText(what, sayWhat(before).property ?? '');
}

/** Returns the aggregate with another property. */
export function takeProperty(property: string, before: string): string {
  const call = parseAggregate(before);
  return call.ok ? formatAggregate({ ...call.value, field: property }) : before;
}

const callText = ({ name, args = [], needs }: What, property: string): string =>
  needs === 'nothing' ? name : formatAggregate({ name, field: property || UNCHOSEN, args: [...args] });
