import { type ErrorCode, type Fault, found, ok, type Result, refuse, shown } from '../errors.ts';
import { ID } from '../metric/metric.ts';
import { parseDuration } from '../text/duration.ts';
import { parseViewRequest, type ViewRequest } from '../view/view.ts';

/** `top` ranks the groups of a metric by one output; `table` lists them with every output; `tail` shows events as they come. */
export const PANEL_KINDS = ['stat', 'line', 'area', 'bars', 'top', 'table', 'tail'] as const;
export type PanelKind = (typeof PANEL_KINDS)[number];

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
  /** Of `area` and `bars`: whether groups stand on each other. Only values that add may; others are drawn unstacked, and the panel says so. */
  stack?: boolean;
  /** Of `top` and `table`: how many groups have a row of their own, 1 to 100; the rest are one row, "others". */
  limit?: number;
  /** Of a stored panel that cannot be read, as it is shown: never part of a definition. */
  fault?: Fault;
}

export const PANEL_FIELDS = ['id', 'kind', 'title', 'place', 'view', 'outputs', 'stack', 'limit'];
/** Rows of a `top` or `table` panel that names none. */
export const DEFAULT_LIMIT = 10;
export const MAX_LIMIT = 100;
/** Far more than an aggregate has. */
const MAX_OUTPUTS = 100;

const PLACE_FIELDS = ['x', 'y', 'w', 'h'];
const STACKING: readonly PanelKind[] = ['area', 'bars'];
const LISTING: readonly PanelKind[] = ['top', 'table'];

/** Reads one panel of a board; `at` is its path, which refusals name. Fields that only some kinds have are completed for those, refused for the others. */
export function parsePanel(raw: unknown, at: string): Result<Panel> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return invalid(at, `${at}: expected an object, ${found(raw)}.`);
  const input = raw as Record<string, unknown>;
  const unknown = Object.keys(input).find((k) => !PANEL_FIELDS.includes(k));
  if (unknown !== undefined)
    return invalid(
      `${at}.${unknown}`,
      `${at}: ${shown(unknown)} is not a field of a panel; allowed are ${PANEL_FIELDS.join(', ')}.`,
    );
  const { id, title = '', outputs = [] } = input;
  if (typeof id !== 'string' || !ID.test(id))
    return invalid(`${at}.id`, `${at}.id: expected an id such as "orders", ${found(id)}.`);
  if (!(PANEL_KINDS as readonly unknown[]).includes(input.kind))
    return invalid(
      `${at}.kind`,
      `${at}.kind: expected one of ${PANEL_KINDS.join(', ')}, ${found(input.kind)}.`,
    );
  const kind = input.kind as PanelKind;
  if (typeof title !== 'string' || title.length > 200)
    return invalid(
      `${at}.title`,
      `${at}.title: expected text of at most 200 characters, got ${shown(title)}.`,
    );
  if (!Array.isArray(outputs) || outputs.length > MAX_OUTPUTS || !outputs.every((o) => typeof o === 'string'))
    return invalid(
      `${at}.outputs`,
      `${at}.outputs: expected a list of at most ${MAX_OUTPUTS} output names, got ${shown(outputs)}.`,
    );
  const place = readPlace(input.place, `${at}.place`);
  if (!place.ok) return place;
  const view = readView(kind, input.view, `${at}.view`);
  if (!view.ok) return view;
  const own = readOwnFields(kind, input, at);
  if (!own.ok) return own;
  return ok({
    id,
    kind,
    title,
    place: place.value,
    view: view.value,
    outputs: outputs as string[],
    ...own.value,
  });
}

/** `stack` and `limit`, for the kinds that have them. */
function readOwnFields(
  kind: PanelKind,
  input: Record<string, unknown>,
  at: string,
): Result<Pick<Panel, 'stack' | 'limit'>> {
  const own: Pick<Panel, 'stack' | 'limit'> = {};
  if (STACKING.includes(kind)) {
    const { stack = false } = input;
    if (typeof stack !== 'boolean')
      return invalid(`${at}.stack`, `${at}.stack: expected true or false, ${found(stack)}.`);
    own.stack = stack;
  } else if (input.stack !== undefined) {
    return invalid(
      `${at}.stack`,
      `${at}.stack: only ${STACKING.join(' and ')} panels stack; this is a ${kind}.`,
    );
  }
  if (LISTING.includes(kind)) {
    const { limit = DEFAULT_LIMIT } = input;
    if (!Number.isInteger(limit) || (limit as number) < 1 || (limit as number) > MAX_LIMIT)
      return invalid(
        `${at}.limit`,
        `${at}.limit: expected a whole number from 1 to ${MAX_LIMIT}, ${found(limit)}.`,
      );
    own.limit = limit as number;
  } else if (input.limit !== undefined) {
    return invalid(
      `${at}.limit`,
      `${at}.limit: only ${LISTING.join(' and ')} panels have rows; this is a ${kind}.`,
    );
  }
  return ok(own);
}

function readView(kind: PanelKind, raw: unknown, at: string): Result<ViewRequest | null> {
  if (kind === 'tail')
    return raw === undefined || raw === null ? ok(null) : invalid(at, `${at}: a tail shows no metric.`);
  const read = parseViewRequest(raw);
  if (!read.ok) return invalid(at, `${at}: ${read.fault.message}`);
  for (const field of ['window', 'range'] as const) {
    const duration =
      read.value[field] === undefined ? null : parseDuration(read.value[field], `${at}.${field}`);
    if (duration !== null && !duration.ok) return duration;
  }
  return read;
}

export function readPlace(raw: unknown, at: string): Result<Panel['place']> {
  const input = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
  const unknown = Object.keys(input).find((k) => !PLACE_FIELDS.includes(k));
  if (unknown !== undefined)
    return invalid(
      `${at}.${unknown}`,
      `${at}: ${shown(unknown)} is not a field of a place; allowed are ${PLACE_FIELDS.join(', ')}.`,
    );
  const { x, y, w, h } = input;
  const whole = [x, y, w, h].every((n) => Number.isInteger(n)) as boolean;
  const [px, py, pw, ph] = [x, y, w, h] as [number, number, number, number];
  if (whole && px >= 0 && pw >= 1 && px + pw <= 12 && py >= 0 && py < 1_000 && ph >= 1 && ph <= 20)
    return ok({ x: px, y: py, w: pw, h: ph });
  return invalid(at, `${at}: expected whole x, y, w, h within 12 columns, ${found(raw)}.`);
}

const CODE: ErrorCode = 'invalid_definition';
const invalid = (field: string, message: string) => refuse(CODE, message, field);
