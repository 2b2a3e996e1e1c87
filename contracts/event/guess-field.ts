import { nearestNames } from '../text/nearest-names.ts';

/** What others call the fields of an event, in lower case and without "_", "-", "$", "@" and ".". */
const OTHERS: Readonly<Record<string, string>> = {
  name: 'event',
  eventname: 'event',
  eventtype: 'event',
  type: 'event',
  action: 'event',
  userid: 'key',
  user: 'key',
  uid: 'key',
  distinctid: 'key',
  anonymousid: 'key',
  deviceid: 'key',
  sessionid: 'key',
  visitorid: 'key',
  clientid: 'key',
  messageid: 'id',
  eventid: 'id',
  insertid: 'id',
  uuid: 'id',
  time: 'timestamp',
  ts: 'timestamp',
  date: 'timestamp',
  datetime: 'timestamp',
  eventtime: 'timestamp',
  occurredat: 'timestamp',
  createdat: 'timestamp',
  originaltimestamp: 'timestamp',
  props: 'properties',
  data: 'properties',
  payload: 'properties',
  params: 'properties',
  attributes: 'properties',
  eventproperties: 'properties',
};
/** What lists of events stand under elsewhere. */
const LISTS = ['batch', 'events', 'data', 'records', 'messages'];

/**
 * Guesses what an unknown top-level name of an event was meant to be, as the end of a refusal; empty if there is no guess.
 * `present` are the names of the event; `isList` says whether the name holds a list.
 */
export function guessField(
  name: string,
  { fields, present, isList }: { fields: readonly string[]; present: readonly string[]; isList: boolean },
): string {
  if (name.length > 40) return '';
  const plain = name.toLowerCase().replace(/[-_$@.]/g, '');
  if (isList) {
    return LISTS.includes(plain)
      ? ' If it holds the events, send the list itself: the body is [ … ], without a name.'
      : '';
  }
  const meant = (Object.hasOwn(OTHERS, plain) ? OTHERS[plain] : undefined) ?? mistyped(plain, fields);
  if (meant === undefined || present.includes(meant)) return '';
  if (!Object.hasOwn(OTHERS, plain)) return ` Did you mean "${meant}"?`;
  return meant === 'key'
    ? ' What others call a user id is "key" here.'
    : ` What others call "${name}" is "${meant}" here.`;
}

/** Returns the one field that the name is probably a typo of: same first letter, about the same length. */
function mistyped(name: string, fields: readonly string[]): string | undefined {
  const alike = fields.filter((field) => {
    const most = field.length < 5 ? 1 : 2;
    return field[0] === name[0] && Math.abs(field.length - name.length) <= most && name.length > 2;
  });
  const near = nearestNames(name, alike);
  return near.length === 1 ? near[0] : undefined;
}
