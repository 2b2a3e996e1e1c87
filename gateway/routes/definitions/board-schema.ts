import { DEFAULT_LIMIT, MAX_LIMIT, PANEL_KINDS } from '#contracts/board/panel.ts';

const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });

const VIEW = {
  type: ['object', 'null'],
  required: ['metric'],
  additionalProperties: false,
  description: 'What a subscription asks for; a tail has none',
  properties: {
    metric: { type: 'string', description: 'May not exist yet: the panel says so' },
    where: { type: 'object', additionalProperties: true, description: 'By dimension: a value or a list' },
    groupBy: { type: 'array', items: { type: 'string' }, description: 'Dimensions to keep; default: all' },
    window: { type: 'string', description: "Duration; default: the metric's" },
    range: { type: 'string', description: "Duration; default: the board's own" },
  },
};

const PANEL = {
  type: 'object',
  required: ['id', 'kind', 'place'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', description: 'Unique on the board' },
    kind: { type: 'string', enum: PANEL_KINDS },
    title: { type: 'string', maxLength: 200 },
    place: {
      type: 'object',
      required: ['x', 'y', 'w', 'h'],
      description: 'On a sheet of 12 columns: x + w is at most 12, and no panel covers a part of another',
      properties: { x: whole(0, 11), y: whole(0, 999), w: whole(1, 12), h: whole(1, 20) },
    },
    view: VIEW,
    outputs: { type: 'array', items: { type: 'string' }, description: 'Of the aggregate; empty: all' },
    stack: { type: 'boolean', description: 'Of area and bars: groups stand on each other; default: false' },
    limit: { ...whole(1, MAX_LIMIT), description: `Of top and table: rows; default: ${DEFAULT_LIMIT}` },
  },
};

/** A board for /openapi.json; the rules themselves are `parseBoard`'s. */
export const BOARD_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    id: { type: 'string', description: 'May be left out: the address says it' },
    title: { type: 'string', minLength: 1, maxLength: 200, description: 'Default: the id' },
    panels: { type: 'array', items: PANEL, maxItems: 100 },
  },
};
