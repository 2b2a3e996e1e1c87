import type { Fault } from '#contracts/errors.ts';
import type { ArchivedEvent } from '#contracts/event/event-page.ts';
import { dimensionText } from '#contracts/metric/dimension.ts';
import { cutText } from '#contracts/text/shown.ts';
import type { TailRow } from '#contracts/view/protocol.ts';

/** `s` text, `n` number, `b` boolean, `z` null, `o` a list or object; as the tail says it. */
export type Kind = 's' | 'n' | 'b' | 'z' | 'o';

export interface Pair {
  name: string;
  /** In short; a list or an object is `…`. */
  value: string;
  kind: Kind;
}

/** An event as a list shows it, wherever it comes from. */
export interface EventLine {
  /** Its place in the topic `events`, `partition:offset:index`; null where it has none, as a refused one. */
  position: string | null;
  /** Its own time, epoch ms; of a refused one its receipt. */
  time: number;
  event: string;
  key: string | null;
  id: string | null;
  properties: readonly Pair[];
  /** Whether it has more properties than these. */
  cut: boolean;
  /** ms that it was behind the watermark when it was counted; null where that is not known or not so. */
  behind: number | null;
  rejected: Fault | null;
  /** The whole of it; null where it came by the tail. */
  archived: ArchivedEvent | null;
}

/** Returns a place as addresses have it. */
export const placeOf = ({ partition, offset, index }: ArchivedEvent['position']): string =>
  `${partition}:${offset}:${index}`;

/** Properties of a line, and characters of a value: as in the tail. */
const MAX_PROPERTIES = 8;
const MAX_LENGTH = 80;

export function lineOfTail(row: TailRow): EventLine {
  const { time, event, text, properties = [], kinds = '', rejected = null } = row;
  const pairs = properties.map(([name, value], i): Pair => ({ name, value, kind: kindAt(kinds, i) }));
  return {
    ...{
      position: row.position ? placeOf(row.position) : null,
      time,
      event,
      key: row.key ?? null,
      id: row.id ?? null,
    },
    properties: rejected === null ? pairs : [{ name: '', value: text, kind: 'o' }],
    cut: row.cut === true,
    ...{ behind: null, rejected, archived: null },
  };
}

export function lineOfArchived(archived: ArchivedEvent): EventLine {
  const { event, key, id, timestamp, properties, behind = null } = archived;
  const all = Object.entries(properties);
  return {
    position: placeOf(archived.position),
    ...{ time: timestamp, event, key, id, behind, archived, rejected: null },
    properties: all.slice(0, MAX_PROPERTIES).map(([name, value]): Pair => {
      const text = value === null ? 'null' : (dimensionText(value) ?? '…');
      return { name, value: cutText(text, MAX_LENGTH), kind: kindOf(value) };
    }),
    cut: all.length > MAX_PROPERTIES,
  };
}

/** Returns the value of a pair as it is read: a text that would read as something else has quotes, and null is a word. */
export function shownValue({ value, kind }: Pair): string {
  if (kind === 'z') return 'null';
  return kind === 's' && readsAsOther(value) ? `“${value}”` : value;
}

const readsAsOther = (text: string): boolean =>
  text === '' || text !== text.trim() || /^(true|false|null|-?\d+(\.\d+)?(e[-+]?\d+)?)$/i.test(text);

const kindAt = (kinds: string, i: number): Kind => {
  const kind = kinds[i];
  return kind === 'n' || kind === 'b' || kind === 'z' || kind === 'o' ? kind : 's';
};

function kindOf(value: unknown): Kind {
  if (value === null) return 'z';
  if (typeof value === 'string') return 's';
  if (typeof value === 'number') return 'n';
  return typeof value === 'boolean' ? 'b' : 'o';
}
