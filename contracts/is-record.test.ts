import { expect, test } from 'vitest';
import { isRecord } from './is-record.ts';

test.each([{}, { a: 1 }, Object.create(null) as object, JSON.parse('{"__proto__":1}') as unknown])(
  '%j is a record',
  (value) => expect(isRecord(value)).toBe(true),
);

test.each([null, undefined, [], [{}], 'a', 0, true, () => {}])('%j is none', (value) =>
  expect(isRecord(value)).toBe(false),
);
