import { expect, it } from 'vitest';
import { judgeCommits } from './judge-commits.ts';

const subject = (length: number): string => 'fix: '.padEnd(length, 'x');

it('accepts a short subject with a body, and an empty list of commits', () => {
  expect(judgeCommits(`a1\n${subject(72)}\n\nWhy.\n\0b2\nfix: y\n\nWhy,\nin two lines.\n`)).toEqual([]);
  expect(judgeCommits('')).toEqual([]);
});

it('names a long subject and a missing body', () => {
  expect(judgeCommits(`a1\n${subject(73)}\n\nWhy.\n\0b2\nfix: y\n\0`)).toEqual([
    'a1: its subject has 73 characters; at most 72',
    'b2: it has no body, which says why',
  ]);
});
