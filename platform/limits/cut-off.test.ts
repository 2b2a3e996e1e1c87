import { describe, expect, it } from 'vitest';
import { createCutOff } from './cut-off.ts';

describe('a cut-off', () => {
  it('lasts its time, and is renewed by another', () => {
    const cutOff = createCutOff(100);
    cutOff.add('a', 0);
    expect([cutOff.has('a', 99), cutOff.has('b', 99)]).toEqual([true, false]);
    cutOff.add('a', 99);
    expect([cutOff.has('a', 198), cutOff.has('a', 199)]).toEqual([true, false]);
  });

  it('ends when the clock goes back by more than it lasts', () => {
    const cutOff = createCutOff(100);
    cutOff.add('a', 1_000);
    expect(cutOff.has('a', 500)).toBe(false);
  });

  it('adds no name beyond its cap until others have expired', () => {
    const cutOff = createCutOff(100, 2);
    for (const name of ['a', 'b', 'c']) cutOff.add(name, 0);
    expect(['a', 'b', 'c'].map((name) => cutOff.has(name, 50))).toEqual([true, true, false]);
    cutOff.add('c', 100);
    expect(cutOff.has('c', 150)).toBe(true);
  });
});
