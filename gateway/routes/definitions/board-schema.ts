import { DEFAULT_LIMIT, MAX_LIMIT, PANEL_KINDS } from '#contracts/board/panel.ts';

const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });

const VIEW = {
  type: ['object', 'null'],
  required: ['metric'],
  additionalProperties: false,
  description: 'The view that the panel shows; a tail has none',
  properties: {
    metric: { type: 'string', description: 'Need not exist yet; the panel then says so' },
    where: {
      type: 'object',
      additionalProperties: true,
      description: 'Filter by dimension: a value or a list of values',
    },
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
      description: 'On a grid of 12 columns: x + w is at most 12, and panels do not overlap',
      properties: { x: whole(0, 11), y: whole(0, 999), w: whole(1, 12), h: whole(1, 20) },
    },
    view: VIEW,
    outputs: {
      type: 'array',
      items: { type: 'string' },
      description: 'Outputs of the aggregate to show; empty: all',
    },
    stack: { type: 'boolean', description: 'For area and bars: stack the groups; default: false' },
    limit: {
      ...whole(1, MAX_LIMIT),
      description: `For top and table: number of rows; default: ${DEFAULT_LIMIT}`,
    },
  },
};

/** A board for /openapi.json; the rules themselves are `parseBoard`'s. */
export const BOARD_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    id: { type: 'string', description: 'Optional, since the address contains it' },
    title: { type: 'string', minLength: 1, maxLength: 200, description: 'Default: the id' },
    panels: { type: 'array', items: PANEL, maxItems: 100 },
  },
};
