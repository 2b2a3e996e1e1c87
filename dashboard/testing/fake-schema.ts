import type { SchemaAnswer } from '#contracts/view/schema-result.ts';

type Facts = SchemaAnswer['events'][number];
type Property = Facts['properties'][number];

const text = (path: string, values: [string, number][], distinct = values.length): Property => ({
  ...{ path, distinct, min: null, max: null },
  events: values.reduce((sum, [, events]) => sum + events, 0),
  types: [{ type: 'text', events: values.reduce((sum, [, events]) => sum + events, 0) }],
  values: values.map(([value, events]) => ({ value, events })),
  examples: values.map(([value]) => JSON.stringify(value)),
});

const number = (path: string, min: number, max: number): Property => ({
  ...{ path, min, max, events: 50, distinct: 44 },
  types: [{ type: 'number', events: 50 }],
  values: [{ value: String(min), events: 2 }],
  examples: [String(min), String(max)],
});

const NOW = Date.UTC(2026, 10, 29, 14);

const event = (name: string, rate: number, properties: Property[]): Facts => ({
  ...{ event: name, count: Math.round(rate * 86_400), rate, first: NOW - 86_400_000, last: NOW },
  sampled: { events: 50, of: 9_120 },
  ...{ properties, pathsLeftOut: 0 },
});

export const FAKE_SCHEMA: SchemaAnswer = {
  range: { from: NOW - 86_400_000, to: NOW },
  ...{ asOf: NOW, begins: NOW - 86_400_000, filled: { done: 4, of: 4 } },
  events: [
    event('page_viewed', 70, [
      text('page', [
        ['/', 30],
        ['/sale', 20],
      ]),
    ]),
    event('checkout', 10.7, [
      number('duration_ms', 12, 1_870),
      number('amount', 2.5, 310),
      text(
        'country',
        [
          ['DE', 17],
          ['FR', 12],
          ['DK', 3],
        ],
        44,
      ),
      text('payment method', [
        ['card', 31],
        ['klarna', 19],
      ]),
      text(
        'zip',
        [
          ['1.0', 2],
          ['80331', 40],
        ],
        9,
      ),
      {
        ...{ path: 'cart', events: 50, distinct: 0, values: [], examples: ['{}'], min: null, max: null },
        types: [{ type: 'object', events: 50 }],
      },
    ]),
  ],
  ...{ leftOut: 0, sampledFrom: NOW - 3_600_000 },
};
