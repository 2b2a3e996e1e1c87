import { expect, it } from 'vitest';
import { knownKey, snippetKey } from './known-key.ts';

it.each([
  [null, null, 'asking', 'variable'],
  [{ id: null, scope: ['admin'] }, null, 'none', 'none'],
  [{ id: 'admin', scope: ['admin'] }, null, 'may make', 'variable'],
  [{ id: 'a', scope: ['read', 'write'] }, null, 'lacks', 'variable'],
  [{ id: 'admin', scope: ['admin'] }, 'mr_1', 'made', 'text'],
] as const)('of %j with %j it is %s', (own, made, state, kind) => {
  const known = knownKey(own, made);
  expect(known.state).toBe(state);
  expect(snippetKey(known).kind).toBe(kind);
});
