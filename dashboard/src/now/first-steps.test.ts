import { expect, it } from 'vitest';
import { firstSteps, type WhatIsThere } from './first-steps.ts';

const done = (there: WhatIsThere): string[] =>
  firstSteps(there).map((step) => `${step.done ? '✓' : '○'} ${step.word}`);

it.each([
  [{ events: 0, metrics: 0, boards: 0 }, ['○ Send', '○ See', '○ Save']],
  [{ events: 3, metrics: 0, boards: 0 }, ['✓ Send', '○ See', '○ Save']],
  [{ events: 3, metrics: 0, boards: 1 }, ['✓ Send', '✓ See', '○ Save']],
  [{ events: 0, metrics: 2, boards: 1 }, ['○ Send', '○ See', '✓ Save']],
])('follows from what is there: %j', (there, wanted) => {
  expect(done(there)).toEqual(wanted);
});

it('leaves once all are done, and says nothing before it is known', () => {
  expect(firstSteps({ events: 1, metrics: 1, boards: 0 })).toEqual([]);
  expect(firstSteps({ events: null, metrics: 0, boards: 0 })).toEqual([]);
});
