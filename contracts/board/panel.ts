import { type Fault, ok, type Result, refuse } from '../errors.ts';
import { ID } from '../id.ts';
import { isRecord } from '../is-record.ts';
import { readAs, refuseAs } from '../schema/read-as.ts';
import { nullable, type Schema, type Static } from '../schema/schema.ts';
import { checkNamed, VIEW_REQUEST, type ViewRequest, withMetric } from '../view/view-request.ts';

/** `top` ranks the groups of a metric by one output; `table` lists them with every output; `tail` shows events as they come. */
export const PANEL_KINDS = ['stat', 'line', 'area', 'bars', 'top', 'table', 'tail'] as const;
export type PanelKind = (typeof PANEL_KINDS)[number];

const CODE = 'invalid_definition';

/** Rows of a `top` or `table` panel that names none. */
export const DEFAULT_LIMIT = 10;
export const MAX_LIMIT = 100;
/** Far more than an aggregate has. */
const MAX_OUTPUTS = 100;
const COLUMNS = 12;

const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum }) as const;

/** The position and size of a panel on the sheet of its board, in columns and rows. */
export const PLACE = {
  type: 'object',
  required: ['x', 'y', 'w', 'h'],
  additionalProperties: false,
  description: 'On a grid of 12 columns: x + w is at most 12, and panels do not overlap',
  member: 'a field of a place; allowed are',
  expected: 'whole x, y, w, h within 12 columns',
  whole: true,
  properties: { x: whole(0, COLUMNS - 1), y: whole(0, 999), w: whole(1, COLUMNS), h: whole(1, 20) },
  test: (place: unknown) => isRecord(place) && Number(place.x) + Number(place.w) <= COLUMNS,
  examples: [
    { x: 0, y: 0, w: 12, h: 20 },
    { x: 11, y: 999, w: 1, h: 1 },
  ],
} as const satisfies Schema;

export type Place = Static<typeof PLACE>;

/** A panel as it is sent; what only some kinds have, `parsePanel` checks. */
export const PANEL = {
  type: 'object',
  required: ['id', 'kind', 'place'],
  additionalProperties: false,
  member: 'a field of a panel; allowed are',
  properties: {
    id: { ...ID, expected: 'an id such as "orders"', description: 'Unique on the board' },
    kind: { type: 'string', enum: PANEL_KINDS },
    title: { type: 'string', maxLength: 200, default: '' },
    place: PLACE,
    view: nullable({
      ...VIEW_REQUEST,
      check: checkNamed(CODE),
      description:
        'The view that the panel shows; a tail has none. Its metric need not exist yet; the panel then says so',
    }),
    outputs: {
      type: 'array',
      items: { type: 'string' },
      maxItems: MAX_OUTPUTS,
      expected: `a list of at most ${MAX_OUTPUTS} output names`,
      whole: true,
      description: 'Outputs of the aggregate to show; empty: all',
    },
    stack: {
      type: 'boolean',
      default: false,
      description: 'For area and bars: stack the groups; default: false',
    },
    limit: {
      ...whole(1, MAX_LIMIT),
      default: DEFAULT_LIMIT,
      description: `For top and table: number of rows; default: ${DEFAULT_LIMIT}`,
    },
  },
} as const satisfies Schema;

export const PANEL_FIELDS = Object.keys(PANEL.properties);

type Definition = Static<typeof PANEL>;

/** A panel, read and completed. */
export interface Panel extends Pick<Definition, 'id' | 'kind' | 'place'> {
  title: string;
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

const STACKING: readonly PanelKind[] = ['area', 'bars'];
const LISTING: readonly PanelKind[] = ['top', 'table'];

/** Reads one panel of a board; `at` is its path, which refusals name. */
export function parsePanel(raw: unknown, at: string): Result<Panel> {
  const read = readAs(PANEL, raw, { code: CODE, at });
  return read.ok ? completePanel(read.value, at) : read;
}

/** Fields that only some kinds have are completed for those, refused for the others. */
export function completePanel(panel: Definition, at: string): Result<Panel> {
  const { id, kind, title = '', outputs = [], view = null, stack, limit } = panel;
  const isTail = kind === 'tail';
  if (isTail && view !== null) return invalid(`${at}.view`, 'a tail shows no metric.');
  if (!isTail && view === null) return refuseAs(VIEW_REQUEST, panel.view, { code: CODE, at: `${at}.view` });
  const stacks = STACKING.includes(kind);
  if (!stacks && stack !== undefined)
    return invalid(`${at}.stack`, `only ${STACKING.join(' and ')} panels stack; this is a ${kind}.`);
  const lists = LISTING.includes(kind);
  if (!lists && limit !== undefined)
    return invalid(`${at}.limit`, `only ${LISTING.join(' and ')} panels have rows; this is a ${kind}.`);
  const { x, y, w, h } = panel.place;
  return ok({
    id,
    kind,
    title,
    place: { x, y, w, h },
    view: view === null ? null : withMetric(view),
    outputs,
    ...(stacks ? { stack: stack ?? false } : {}),
    ...(lists ? { limit: limit ?? DEFAULT_LIMIT } : {}),
  });
}

export const readPlace = (raw: unknown, at: string): Result<Place> => readAs(PLACE, raw, { code: CODE, at });

const invalid = (field: string, message: string) => refuse(CODE, `${field}: ${message}`, field);
