import { formatText } from '#contracts/filter/text-print.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import type { EventsAsked } from '../app/archive-api.ts';
import type { Own } from '../app/url-state.ts';
import { writePath } from '../sentence/filter-completion.ts';
import { joinParts, partsOf } from '../sentence/filter-parts.ts';

/** Which events the room shows; empty texts keep none out. */
export interface EventsQuery {
  event: string;
  /** A filter as text. */
  where: string;
  key: string;
  id: string;
}

export const readQuery = ({ event = '', where = '', key = '', id = '' }: Own): EventsQuery => ({
  event,
  where,
  key,
  id,
});

/** Whether some events are kept out: then those that are shown are looked for in the archive, all of them. */
export const isNarrow = ({ event, where, key, id }: EventsQuery): boolean =>
  [event, where, key, id].some((text) => text !== '');

/** Whether one key or id is followed: the archive finds all of its events, however long ago they were. */
export const isFollowing = ({ key, id }: EventsQuery): boolean => key !== '' || id !== '';

export const askedOf = ({ event, where, key, id }: EventsQuery): EventsAsked => ({ event, where, key, id });

/** Returns why the filter cannot be asked; null where it can. */
export function faultOfWhere(where: string): { code: string; message: string } | null {
  const read = parseWhere(where, 'where');
  return read.ok ? null : read.fault;
}

/** Returns a filter that holds where a property has a value, or has another; `value` as the text that a dimension would have. */
export function conditionFor(path: string, value: string, has: boolean): string {
  return formatText([{ path, op: has ? 'in' : 'notIn', values: [value] }]);
}

/** Returns the filter with one more condition, which replaces another one about the same value. */
export function addCondition(where: string, path: string, value: string, has: boolean): string {
  const wanted = conditionFor(path, value, has);
  const opposite = conditionFor(path, value, !has);
  const kept = partsOf(where).filter((part) => part !== wanted && part !== opposite);
  return joinParts([...kept, wanted]);
}

/** Returns the address at which a metric is made of the events that are shown. */
export function metricAddress({ event, where }: EventsQuery, by = ''): string {
  const params = new URLSearchParams();
  if (event !== '') params.set('event', event);
  if (where !== '') params.set('where', where);
  if (by !== '') params.set('by', writePath(by));
  return params.size === 0 ? '/catalogue/new' : `/catalogue/new?${params}`;
}
