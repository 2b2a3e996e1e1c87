import { type Fault, found, ok, type Result, refuse, shown } from '../errors.ts';
import { ID } from '../metric/metric.ts';
import { type Panel, parsePanel, readPlace } from './panel.ts';
import { findOverlap, freeRow, separate } from './sheet.ts';

/** A page of panels on a sheet of 12 columns. */
export interface Board {
  id: string;
  title: string;
  panels: Panel[];
}

const MAX_PANELS = 100;
export const BOARD_FIELDS = ['id', 'title', 'panels'];

export function parseBoard(id: string, raw: unknown): Result<Board> {
  const input = record(raw);
  if (input === null)
    return refuse('invalid_definition', `A board is an object with title and panels, ${found(raw)}.`);
  const unknown = Object.keys(input).find((k) => !BOARD_FIELDS.includes(k));
  if (unknown !== undefined) {
    return refuse(
      'invalid_definition',
      `${shown(unknown)} is not a field of a board; allowed are ${BOARD_FIELDS.join(', ')}.`,
      unknown,
    );
  }
  if (!ID.test(id)) {
    return refuse(
      'invalid_definition',
      `id: expected lower-case letters, digits, "_", "-" or ".", starting with a letter, ${found(id)}.`,
      'id',
    );
  }
  if (input.id !== undefined && input.id !== id) {
    return refuse(
      'invalid_definition',
      `id: the address says ${shown(id)}, the definition ${shown(input.id)}.`,
      'id',
    );
  }
  const { title = id, panels = [] } = input;
  if (typeof title !== 'string' || title === '' || title.length > 200) {
    return refuse(
      'invalid_definition',
      `title: expected text of 1 to 200 characters, got ${shown(title)}.`,
      'title',
    );
  }
  if (!Array.isArray(panels) || panels.length > MAX_PANELS) {
    return refuse(
      'invalid_definition',
      `panels: expected a list of at most ${MAX_PANELS} panels, got ${shown(panels)}.`,
      'panels',
    );
  }
  const out: Panel[] = [];
  for (const [i, panel] of panels.entries()) {
    const read = parsePanel(panel, `panels.${i}`);
    if (!read.ok) return read;
    if (out.some((p) => p.id === read.value.id)) {
      return refuse(
        'invalid_definition',
        `panels.${i}.id: ${shown(read.value.id)} is taken by another panel.`,
        `panels.${i}.id`,
      );
    }
    out.push(read.value);
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
 * A stored board as far as it can be read, for showing: a panel that cannot be (another version or producer has written it)
 * stands in its place with its fault, and one that would cover another stands below it. Refuses only what is no board at all.
 */
export function readStoredBoard(id: string, raw: unknown): Result<Board> {
  const whole = parseBoard(id, raw);
  if (whole.ok) return whole;
  const input = record(raw);
  if (input === null || !Array.isArray(input.panels)) return whole;
  const title = typeof input.title === 'string' && input.title !== '' ? input.title.slice(0, 200) : id;
  const panels: Panel[] = [];
  for (const [i, panel] of input.panels.slice(0, MAX_PANELS).entries()) {
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
  const place = readPlace(record(raw)?.place, 'place');
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

const record = (raw: unknown): Record<string, unknown> | null =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Record<string, unknown>) : null;
