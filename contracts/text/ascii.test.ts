import { expect, test } from 'vitest';
import { ASCII } from './ascii.ts';

test('each code is that of its character', () => {
  expect(String.fromCharCode(...Object.values(ASCII))).toBe('\t\n\r !"\'*+,-./09:TZ[\\]abefnrtu{}');
});
