import { expect, it } from 'vitest';
import { nameOf } from '../../charts/trace/trace-name.ts';
import { isWord, wordOf } from './group-labels.ts';

it.each(['constructor', '__proto__', 'toString', 'none'])(
  'shows a value that is %s as it was sent',
  (value) => {
    expect([isWord(value), wordOf(value), nameOf([value], 'count', 1)]).toEqual([false, value, value]);
  },
);

it.each([
  ['__missing__', 'none'],
  ['__other__', 'other'],
  ['', 'empty text'],
])('says %j in words', (value, words) => {
  expect([isWord(value), wordOf(value)]).toEqual([true, words]);
});
