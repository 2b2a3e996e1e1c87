import { expect, it } from 'vitest';
import { addGetters } from './add-getters.ts';

it('reads what the state holds now, beside what the target has, and sets nothing', () => {
  const state = { count: 1 };
  const exposed = addGetters({ name: 'a' }, state);
  state.count = 2;
  expect({ ...exposed }).toEqual({ name: 'a', count: 2 });
  expect(() => Object.assign(exposed, { count: 3 })).toThrow(TypeError);
});
