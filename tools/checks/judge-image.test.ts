import { expect, it } from 'vitest';
import { judgeImage } from './judge-image.ts';

const GOOD =
  'FROM node:1.2 AS a\nRUN npm ci --ignore-scripts \\\n    && true\nFROM scratch\nCOPY --from=a /x /x\nUSER 1000:1000\n';

it('accepts an image that keeps the promises', () => {
  expect(judgeImage(GOOD)).toEqual([]);
});

it.each([
  ['a base with a shell', GOOD.replace('FROM scratch', 'FROM node:1.2'), 'from scratch'],
  ['a command in the last stage', `${GOOD}RUN true\n`, 'runs something'],
  ['root', GOOD.replace('1000:1000', '0'), 'no user'],
  ['a user by name, which an orchestrator cannot judge', GOOD.replace('1000:1000', 'node'), 'no user'],
  ['no user', GOOD.replace('USER 1000:1000\n', ''), 'no user'],
  ['root again after the user', `${GOOD}USER root\n`, 'no user'],
  ['scripts of packages', GOOD.replace(' --ignore-scripts', ''), 'run scripts'],
  ['scripts of packages in a second command', GOOD.replace('true', 'npm install x'), 'run scripts'],
])('names %s', (_, dockerfile, problem) => {
  expect(judgeImage(dockerfile)).toEqual([expect.stringContaining(problem)]);
});
