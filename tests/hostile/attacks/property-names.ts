import type { Attack, Stage } from '../attack.ts';

let seed = 1;
/** Names that no run repeats; the same in every run of the suite. */
const randomName = (): string => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return `n${seed.toString(36)}`;
};

type Make = (i: number) => Record<string, unknown>;

/** Names that grow without end, at one level, at several, in one event, and with another type each time. */
const VARIANTS: Record<string, Make> = {
  flat: () => Object.fromEntries(Array.from({ length: 8 }, () => [randomName(), 1])),
  nested: () => ({ [randomName()]: { [randomName()]: { [randomName()]: 'x' } } }),
  'dots in names': () => ({ [`${randomName()}.${randomName()}`]: true }),
  'another type each time': (i) => ({ [`typed${i % 500}`]: [1, 'x', true, null, [1], { a: 1 }][i % 6] }),
  wide: () => Object.fromEntries(Array.from({ length: 250 }, () => [randomName(), randomName()])),
};

async function send(stage: Stage, make: Make, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, i) => ({ event: 'named', properties: make(i) }));
  await stage.attacker.post(events, 1_000);
}

/** Neither how many names there are nor their types decide how many files and columns the archive needs. */
export const propertyNames: Attack = {
  name: 'property names',
  what: 'events whose properties have ever new names, flat, nested and of changing types; and a stop after it',
  async run(stage) {
    const count = stage.long ? 12_000 : 2_000;
    for (const [variant, make] of Object.entries(VARIANTS)) {
      await send(stage, make, variant === 'wide' ? count / 10 : count);
      // One flush for each, so that parts with other names have to be put together.
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  },
};
