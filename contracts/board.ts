import { parseDuration } from './duration.ts';
import { found, ok, type Result, refuse, shown } from './errors.ts';
import { ID } from './metric.ts';
import { parseViewRequest, type ViewRequest } from './view.ts';

export const PANEL_KINDS = ['stat', 'line', 'bars', 'tail'] as const;
export type PanelKind = (typeof PANEL_KINDS)[number];

/** A page of panels on a sheet of 12 columns. */
export interface Board {
  id: string;
  title: string;
  panels: Panel[];
}

export interface Panel {
  id: string;
  kind: PanelKind;
  title: string;
  /** Column 0 to 11 and row from 0; width in columns and height in rows of the sheet. */
  place: { x: number; y: number; w: number; h: number };
  /** What it shows; null for the kinds that show no metric. `range` is the board's own when absent. */
  view: ViewRequest | null;
  /** Which outputs of the aggregate; empty means all. */
  outputs: string[];
}

const MAX_PANELS = 100;
export const BOARD_FIELDS = ['id', 'title', 'panels'];
export const PANEL_FIELDS = ['id', 'kind', 'title', 'place', 'view', 'outputs'];

const PLACE_FIELDS = ['x', 'y', 'w', 'h'];

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
    const read = readPanel(panel, `panels.${i}`);
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

function readPanel(raw: unknown, at: string): Result<Panel> {
  const input = record(raw);
  if (input === null) return refuse('invalid_definition', `${at}: expected an object, ${found(raw)}.`, at);
  const unknown = Object.keys(input).find((k) => !PANEL_FIELDS.includes(k));
  if (unknown !== undefined)
    return refuse(
      'invalid_definition',
      `${at}: ${shown(unknown)} is not a field of a panel; allowed are ${PANEL_FIELDS.join(', ')}.`,
      `${at}.${unknown}`,
    );
  const { id, kind, title = '', outputs = [] } = input;
  if (typeof id !== 'string' || !ID.test(id)) {
    return refuse(
      'invalid_definition',
      `${at}.id: expected an id such as "orders", ${found(id)}.`,
      `${at}.id`,
    );
  }
  if (!(PANEL_KINDS as readonly unknown[]).includes(kind)) {
    return refuse(
      'invalid_definition',
      `${at}.kind: expected one of ${PANEL_KINDS.join(', ')}, ${found(kind)}.`,
      `${at}.kind`,
    );
  }
  if (typeof title !== 'string' || title.length > 200) {
    return refuse(
      'invalid_definition',
      `${at}.title: expected text of at most 200 characters, got ${shown(title)}.`,
      `${at}.title`,
    );
  }
  if (!Array.isArray(outputs) || !outputs.every((o) => typeof o === 'string')) {
    return refuse(
      'invalid_definition',
      `${at}.outputs: expected a list of output names, got ${shown(outputs)}.`,
      `${at}.outputs`,
    );
  }
  const place = readPlace(input.place, `${at}.place`);
  if (!place.ok) return place;
  const view = readView(kind as PanelKind, input.view, `${at}.view`);
  if (!view.ok) return view;
  return ok({
    id,
    kind: kind as PanelKind,
    title,
    place: place.value,
    view: view.value,
    outputs: outputs as string[],
  });
}

function readView(kind: PanelKind, raw: unknown, at: string): Result<ViewRequest | null> {
  if (kind === 'tail')
    return raw === undefined || raw === null
      ? ok(null)
      : refuse('invalid_definition', `${at}: a tail shows no metric.`, at);
  const read = parseViewRequest(raw);
  if (!read.ok) return refuse('invalid_definition', `${at}: ${read.fault.message}`, at);
  for (const field of ['window', 'range'] as const) {
    const duration =
      read.value[field] === undefined ? null : parseDuration(read.value[field], `${at}.${field}`);
    if (duration !== null && !duration.ok) return duration;
  }
  return read;
}

function readPlace(raw: unknown, at: string): Result<Panel['place']> {
  const input = record(raw) ?? {};
  const unknown = Object.keys(input).find((k) => !PLACE_FIELDS.includes(k));
  if (unknown !== undefined) {
    return refuse(
      'invalid_definition',
      `${at}: ${shown(unknown)} is not a field of a place; allowed are ${PLACE_FIELDS.join(', ')}.`,
      `${at}.${unknown}`,
    );
  }
  const { x, y, w, h } = input;
  const whole = [x, y, w, h].every((n) => Number.isInteger(n)) as boolean;
  const [px, py, pw, ph] = [x, y, w, h] as [number, number, number, number];
  if (whole && px >= 0 && pw >= 1 && px + pw <= 12 && py >= 0 && py < 1_000 && ph >= 1 && ph <= 20)
    return ok({ x: px, y: py, w: pw, h: ph });
  return refuse(
    'invalid_definition',
    `${at}: expected whole x, y, w, h within 12 columns, ${found(raw)}.`,
    at,
  );
}

const record = (raw: unknown): Record<string, unknown> | null =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Record<string, unknown>) : null;
