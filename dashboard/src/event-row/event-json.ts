import type { ArchivedEvent } from '#contracts/event/event-page.ts';

/** A piece of a JSON text: punctuation and names are lighter than values. */
export interface Piece {
  text: string;
  kind: 'name' | 'value' | 'rest';
}

/** Lines that are shown of one event: 64 KB of nested lists would be thousands. */
const MOST_LINES = 400;

/** Returns an archived event as it could be sent again. */
export function eventBody({ event, id, key, timestamp, properties }: ArchivedEvent): Record<string, unknown> {
  return {
    event,
    ...(id === null ? {} : { id }),
    ...(key === null ? {} : { key }),
    timestamp: new Date(timestamp).toISOString(),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  };
}

/** Returns a value as indented JSON, line by line in pieces, and how many lines are left out. */
export function jsonLines(value: unknown): { lines: Piece[][]; leftOut: number } {
  const all = JSON.stringify(value, null, 2).split('\n');
  return { lines: all.slice(0, MOST_LINES).map(piecesOf), leftOut: Math.max(0, all.length - MOST_LINES) };
}

/** A line of indented JSON: a name, then a value or a bracket. A text cannot hold a line break. */
function piecesOf(line: string): Piece[] {
  const [, indent, name, value, comma] = /^(\s*)("(?:[^"\\]|\\.)*": )?(.*?)(,?)$/.exec(line)!;
  return [
    { text: indent!, kind: 'rest' as const },
    { text: name ?? '', kind: 'name' as const },
    { text: value!, kind: /^[[{\]}]+$/.test(value!) ? ('rest' as const) : ('value' as const) },
    { text: comma!, kind: 'rest' as const },
  ].filter(({ text }) => text !== '');
}

/** Returns a command that sends the event again, to the server at `origin`. */
export function curlOf(archived: ArchivedEvent, origin: string): string {
  const body = JSON.stringify(eventBody(archived)).replaceAll("'", "'\\''");
  return `curl ${origin}/v1/events -H 'content-type: application/json' -d '${body}'`;
}
