import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EventLine } from '../event-row/event-line.ts';
import {
  addLeft,
  addLines,
  addUnsure,
  byTime,
  cutList,
  dropBelow,
  type EventList,
  joinLists,
  NO_EVENTS,
  ruleText,
} from './event-list.ts';

const line = (time: number, offset: number, archived = false): EventLine => ({
  ...{ position: `0:${offset}:0`, time, event: 'e', key: null, id: null, properties: [], cut: false },
  ...{ behind: null, rejected: null },
  archived: archived
    ? {
        ...{ event: 'e', id: null, key: null, timestamp: time, received: time, properties: {} },
        position: { partition: 0, offset, index: 0 },
      }
    : null,
});
const places = ({ lines }: EventList): (string | null)[] => lines.map(({ position }) => position);

const LINES = fc.uniqueArray(
  fc
    .record({ time: fc.integer({ min: 0, max: 9_000 }), offset: fc.nat(500) })
    .map((one) => line(one.time, one.offset)),
  { selector: ({ position }) => position },
);

it('is the same list however events come: by pages, by the tail, some by both, in any order', () => {
  fc.assert(
    fc.property(LINES, fc.infiniteStream(fc.nat(4)), (all, choices) => {
      const whole = addLines(NO_EVENTS, all);
      expect(whole.lines.map(({ time }) => time)).toEqual(all.map(({ time }) => time).sort((a, b) => b - a));
      let list = NO_EVENTS;
      const rest = [...all];
      while (rest.length > 0) {
        const some = rest.splice(0, 1 + choices.next().value);
        list = joinLists(list, addLines(NO_EVENTS, [...some, ...some.slice(0, 1)]));
        list = addLines(list, some.slice(-1));
      }
      expect(places(list)).toEqual(places(whole));
    }),
  );
});

it('keeps what the archive said of an event, whatever the tail says later', () => {
  const list = addLines(addLines(NO_EVENTS, [line(5, 1)]), [line(5, 1, true)]);
  expect(list.lines).toHaveLength(1);
  expect(addLines(list, [line(5, 1)]).lines[0]!.archived).not.toBeNull();
  expect(addLines(list, [{ ...line(6, 2), position: null }]).lines).toHaveLength(1);
});

it('is bounded at either end, and says nothing of seconds that are gone', () => {
  fc.assert(
    fc.property(LINES, fc.integer({ min: 1, max: 20 }), (all, most) => {
      const list = [...all].reduce(
        (sum, { time }) => addLeft(sum, Math.floor(time / 1_000) * 1_000, 1),
        addLines(NO_EVENTS, all),
      );
      const newest = cutList(list, most, 'newest');
      const oldest = cutList(list, most, 'oldest');
      expect(places(newest)).toEqual(places(list).slice(0, most));
      expect(places(oldest)).toEqual(places(list).slice(-most));
      for (const cut of [newest, oldest]) expect(cut.left.size).toBeLessThanOrEqual(Math.max(most, 10));
      // Of shown seconds nothing is forgotten.
      for (const { time } of newest.lines)
        if (newest.left.size < most) expect(newest.left.has(Math.floor(time / 1_000) * 1_000)).toBe(true);
    }),
  );
});

it('leaves out what would stand alone below the last event, until older pages are read', () => {
  const list = addLines(NO_EVENTS, [line(5_000, 5), line(4_000, 4), line(10, 9)]);
  expect(places(dropBelow(list, line(4_000, 4)))).toEqual(['0:5:0', '0:4:0']);
  expect(dropBelow(list, undefined)).toBe(list);
});

it('says under each second how many are shown and how many are not', () => {
  const list = addUnsure(
    addLeft(addLines(NO_EVENTS, [line(5_100, 1), line(5_900, 2), line(3_000, 3)]), 5_000, 91),
    2_000,
  );
  const quiet = addLeft(list, 4_000, 7);
  expect(byTime(quiet, 1_000).map((group) => [group.start, ruleText(group)])).toEqual([
    [5_000, '2 shown, 91 not shown'],
    [4_000, '0 shown, 7 not shown'],
    [3_000, '1 shown'],
    [2_000, '0 shown, more came and are not shown'],
  ]);
  expect(byTime(quiet, 60_000).map(ruleText)).toEqual(['3 shown, 98 not shown']);
});
