import type { Random } from '../embedded/demo/traffic/seeded-random.ts';

/** Events of one kind, as they differ in their properties. */
export interface EventShape {
  name: string;
  /** Of the events that are asked for. */
  share: number;
  /** Properties that metrics read. */
  fields: readonly string[];
  make(random: Random): Record<string, unknown>;
}

const whole = (random: Random, below: number): number => Math.floor(random() * below);

const order = (random: Random): Record<string, unknown> => ({
  country: ['DE', 'FR', 'US', 'JP', 'BR'][whole(random, 5)],
  amount: whole(random, 100_000) / 4,
  path: `/p/${whole(random, 200)}`,
  device: random() < 0.5 ? 'mobile' : 'desktop',
  ok: random() < 0.9,
});

/** Adds `more` properties, with the same names in each event. */
function wide(random: Random, more: number): Record<string, unknown> {
  const properties = order(random);
  for (let i = 0; i < more; i++)
    properties[`field_${i}`] = i % 2 === 0 ? `value ${whole(random, 50)}` : whole(random, 1_000);
  return properties;
}

function randomNames(random: Random): Record<string, unknown> {
  const properties = order(random);
  for (let i = 0; i < 5; i++) properties[`name_${whole(random, 1e9)}`] = whole(random, 10);
  return properties;
}

export const EVENT_SHAPES: readonly EventShape[] = [
  { name: '5 properties', share: 1, fields: ['amount'], make: order },
  { name: '25 properties', share: 0.5, fields: ['amount', 'field_19'], make: (random) => wide(random, 20) },
  {
    name: '125 properties',
    share: 0.2,
    fields: ['amount', 'field_119'],
    make: (random) => wide(random, 120),
  },
  { name: '5 properties and 5 of random names', share: 0.2, fields: ['amount'], make: randomNames },
];
