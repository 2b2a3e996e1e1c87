import { describe, expect, it } from 'vitest';
import { choosePositions } from './choose-positions.ts';

const candidate = (partition: number, position: number, turn: number) => ({
  topic: 'events',
  partition,
  position,
  turn,
});

describe('choosePositions', () => {
  it('names every partition once', () => {
    const readers = [candidate(0, 5, 1), candidate(1, 9, 1)];
    expect(choosePositions(readers)).toEqual({ asked: readers, crowded: false });
  });

  it('lets two readers of one position share an answer', () => {
    const readers = [candidate(0, 5, 1), candidate(0, 5, 2)];
    expect(choosePositions(readers)).toEqual({ asked: [readers[0]], crowded: false });
  });

  it('takes turns between two positions of a partition, and says that one waits', () => {
    const [old, young] = [candidate(0, 5, 7), candidate(0, 900, 3)];
    expect(choosePositions([old, young])).toEqual({ asked: [young], crowded: true });
    young.turn = 8;
    expect(choosePositions([old, young])).toEqual({ asked: [old], crowded: true });
  });
});
