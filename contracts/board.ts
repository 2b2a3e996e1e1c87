import { found, ok, type Result, refuse, shown } from './errors.ts';
import { ID } from './metric.ts';
import { type Panel, parsePanel } from './panel.ts';

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
  return ok({ id, title, panels: out });
}

const record = (raw: unknown): Record<string, unknown> | null =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Record<string, unknown>) : null;
