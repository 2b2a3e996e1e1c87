import { expect, it } from 'vitest';
import type { ArchivedEvent } from '#contracts/event/event-page.ts';
import { lineOfArchived, lineOfTail, type Pair, shownValue } from './event-line.ts';

const ARCHIVED: ArchivedEvent = {
  ...{ event: 'order', id: 'o_1', key: 'u_1', timestamp: 5_000, received: 6_000, behind: 1_200 },
  position: { partition: 2, offset: 81, index: 4 },
  properties: { amount: 42.5, code: '7', vip: true, coupon: null, cart: { total: 3 } },
};

it('is the same line of an event, whether it came by the tail or from the archive', () => {
  const tail = lineOfTail({
    ...{
      time: 5_000,
      event: 'order',
      text: '',
      key: 'u_1',
      id: 'o_1',
      position: { partition: 2, offset: 81, index: 4 },
    },
    properties: [
      ['amount', '42.5'],
      ['code', '7'],
      ['vip', 'true'],
      ['coupon', '__missing__'],
      ['cart', '…'],
    ],
    kinds: 'snbzo'.replace('sn', 'ns'),
  });
  const archived = lineOfArchived(ARCHIVED);
  const told = ({ properties }: { properties: readonly Pair[] }) =>
    properties.map((pair) => [pair.name, shownValue(pair)]);
  expect(told(tail)).toEqual(told(archived));
  expect(told(archived)).toEqual([
    ['amount', '42.5'],
    ['code', '“7”'],
    ['vip', 'true'],
    ['coupon', 'null'],
    ['cart', '…'],
  ]);
  expect({ ...archived, properties: [], archived: null, behind: null }).toEqual({ ...tail, properties: [] });
  expect(archived).toMatchObject({ behind: 1_200, archived: ARCHIVED });
});

it('is cut as the tail cuts it', () => {
  const properties = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, 'x'.repeat(500)]));
  const line = lineOfArchived({ ...ARCHIVED, properties });
  expect(line).toMatchObject({ cut: true });
  expect(line.properties).toHaveLength(8);
  expect(line.properties[0]!.value).toHaveLength(80);
});

it('has the text of a refused one, and no place', () => {
  const rejected = { code: 'invalid_json', message: 'no' } as const;
  const line = lineOfTail({ time: 1, event: '', text: '{"event":', rejected });
  expect(line).toMatchObject({ position: null, rejected, properties: [{ name: '', value: '{"event":' }] });
});

it.each([
  ['59.90', '“59.90”'],
  ['', '“”'],
  ['true', '“true”'],
  [' a', '“ a”'],
  ['web', 'web'],
  ['12 days', '12 days'],
])('shows the text %j as %s', (value, shown) => {
  expect(shownValue({ name: 'x', value, kind: 's' })).toBe(shown);
});
