import { expect, it } from 'vitest';
import { fits } from '../schema/fits.ts';
import { checkReadLaws } from '../schema/testing/read-laws.ts';
import { CONTROL, DEFAULT_FOLD_SETTINGS, FOLD_SETTINGS } from './control.ts';
import { DEFINITION_RECORD } from './definition-record.ts';
import { LEFT_OUT_RECORD, REJECTED_PAGE, REJECTED_RECORD } from './rejected-record.ts';
import { PARTITION_FACTS } from './rows.ts';
import { SYSTEM_RECORD } from './system-record.ts';

it.each([
  ['a control block', CONTROL],
  ['a definition record', DEFINITION_RECORD],
  ['the facts of a commit row', PARTITION_FACTS],
  ['a system record', SYSTEM_RECORD],
  ['a rejected record', REJECTED_RECORD],
  ['a record of what was left out', LEFT_OUT_RECORD],
  ['a page of rejected records', REJECTED_PAGE],
])('%s is read as it is, and refused with the name of what was damaged', (_, schema) =>
  checkReadLaws(schema),
);

it('takes what was written before a field was added', () => {
  expect(fits(FOLD_SETTINGS, DEFAULT_FOLD_SETTINGS)).toBe(true);
  const record = { process: 'p', part: 'gateway', time: 1, totals: {}, gauges: { viewers: 2 } };
  expect(fits(SYSTEM_RECORD, record)).toBe(true);
  expect(fits(DEFINITION_RECORD, { kind: 'board', id: 'b' })).toBe(true);
  expect(fits(REJECTED_RECORD, { time: 1, code: 'invalid_json', message: 'm', body: '{' })).toBe(true);
});

it('tells records of the topic rejected apart, as a reader that knows only the older one does', () => {
  const leftOut = { time: 2, since: 1, leftOut: { invalid_key: 3 } };
  expect([fits(REJECTED_RECORD, leftOut), fits(LEFT_OUT_RECORD, leftOut)]).toEqual([false, true]);
  const rejected = { time: 1, code: 'invalid_key', message: 'm', body: '' };
  expect([fits(REJECTED_RECORD, rejected), fits(LEFT_OUT_RECORD, rejected)]).toEqual([true, false]);
});
