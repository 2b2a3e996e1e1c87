import { type Fault, ok, type Result, refuse, shown } from '../errors.ts';
import { checkId, OWN_ID } from '../id.ts';
import { isRecord } from '../is-record.ts';
import { readAs } from '../schema/read-as.ts';
import type { Schema } from '../schema/schema.ts';
import { completePanel, PANEL, type Panel, parsePanel, readPlace } from './panel.ts';
import { findOverlap, freeRow, separate } from './sheet.ts';

/** A page of panels on a sheet of 12 columns. */
export interface Board {
  id: string;
  title: string;
  panels: Panel[];
}

const MAX_PANELS = 100;

/** A board as it is sent; what panels must keep among each other, `parseBoard` checks. */
export const BOARD = {
  type: 'object',
  additionalProperties: false,
  subject: 'A board is an object with title and panels',
  member: 'a field of a board; allowed are',
  properties: {
    id: OWN_ID,
    title: { type: 'string', minLength: 1, maxLength: 200, description: 'Default: the id' },
    panels: {
      type: 'array',
      items: PANEL,
      maxItems: MAX_PANELS,
      expected: `a list of at most ${MAX_PANELS} panels`,
    },
  },
} as const satisfies Schema;

export const BOARD_FIELDS = Object.keys(BOARD.properties);

export function parseBoard(id: string, raw: unknown): Result<Board> {
  const read = readAs(BOARD, raw, { code: 'invalid_definition' });
  if (!read.ok) return read;
  const named = checkId(id, read.value.id);
  if (!named.ok) return named;
  const { title = id, panels = [] } = read.value;
  const out: Panel[] = [];
  for (const [i, definition] of panels.entries()) {
    const panel = completePanel(definition, `panels.${i}`);
    if (!panel.ok) return panel;
    if (out.some((p) => p.id === panel.value.id)) {
      return refuse(
        'invalid_definition',
        `panels.${i}.id: ${shown(panel.value.id)} is taken by another panel.`,
        `panels.${i}.id`,
      );
    }
    out.push(panel.value);
  }
  const meeting = refuseOverlap(out);
  return meeting ?? ok({ id, title, panels: out });
}

/** Two panels that hold one cell of the sheet, both by name; null where none do. */
function refuseOverlap(panels: readonly Panel[]): ReturnType<typeof refuse> | null {
  const places = panels.map(({ place }) => place);
  const found = findOverlap(places);
  if (found === null) return null;
  const [panel, other] = [panels[found.index]!, panels[found.with]!];
  const { y } = panel.place;
  const free = freeRow(
    panel.place,
    places.filter((_, i) => i !== found.index),
  );
  return refuse(
    'invalid_definition',
    `panels.${found.index}.place: ${shown(panel.id)} covers a part of ${shown(other.id)} (${placeText(panel)} and ${placeText(other)}); with y ${free} in place of ${y} it covers no panel.`,
    `panels.${found.index}.place`,
  );
}

const placeText = ({ place: { x, y, w, h } }: Panel): string =>
  `columns ${x} to ${x + w - 1}, rows ${y} to ${y + h - 1}`;

/**
 * Reads as much of a stored board as can be shown: a panel that cannot be read (another version or producer wrote it) keeps
 * its place and carries its fault; one that would overlap another moves below it. Refuses only what is no board at all.
 */
export function readStoredBoard(id: string, raw: unknown): Result<Board> {
  const whole = parseBoard(id, raw);
  if (whole.ok) return whole;
  if (!isRecord(raw) || !Array.isArray(raw.panels)) return whole;
  const title = typeof raw.title === 'string' && raw.title !== '' ? raw.title.slice(0, 200) : id;
  const panels: Panel[] = [];
  for (const [i, panel] of raw.panels.slice(0, MAX_PANELS).entries()) {
    const read = parsePanel(panel, `panels.${i}`);
    const isTaken = (name: string) => panels.some((one) => one.id === name);
    if (read.ok && !isTaken(read.value.id)) panels.push(read.value);
    else panels.push(unreadable(panel, i, read.ok ? TAKEN : read.fault, panels));
  }
  return ok({ id, title, panels: separate(panels) });
}

const TAKEN: Fault = { code: 'invalid_definition', message: 'Another panel has the same id.' };

/** Below those before it where its own place cannot be read; with an id that no panel can have. */
function unreadable(raw: unknown, index: number, fault: Fault, before: readonly Panel[]): Panel {
  const place = readPlace(isRecord(raw) ? raw.place : undefined, 'place');
  const below = Math.max(0, ...before.map(({ place: { y, h } }) => y + h));
  return {
    id: `unreadable:${index}`,
    kind: 'line',
    title: '',
    place: place.ok ? place.value : { x: 0, y: below, w: 12, h: 2 },
    view: null,
    outputs: [],
    fault,
  };
}
