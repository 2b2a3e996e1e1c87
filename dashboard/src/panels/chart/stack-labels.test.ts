import { expect, it } from 'vitest';
import { stackWords } from './stack-labels.ts';

it('says why a wanted stack is none, and nothing else', () => {
  expect(stackWords({ stack: true }, { adds: 'nothing' })).toBe('not stacked: values do not add');
  expect(stackWords({ stack: true }, { adds: 'groups' })).toBe('');
  expect(stackWords({ stack: false }, { adds: 'nothing' })).toBe('');
  expect(stackWords({}, { adds: 'nothing' })).toBe('');
});
