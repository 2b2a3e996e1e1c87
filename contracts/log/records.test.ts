import { expect, it } from 'vitest';
import { fits } from '../schema/fits.ts';
import { checkReadLaws } from '../schema/testing/read-laws.ts';
import { CONTROL, DEFAULT_FOLD_SETTINGS, FOLD_SETTINGS } from './control.ts';
import { DEFINITION_RECORD } from './definition-record.ts';
import { PARTITION_FACTS } from './rows.ts';
import { REJECTED_RECORD, SYSTEM_RECORD } from './system-record.ts';

it.each([
  ['a control block', CONTROL],
  ['a definition record', DEFINITION_RECORD],
  ['the facts of a commit row', PARTITION_FACTS],
  ['a system record', SYSTEM_RECORD],
  ['a rejected record', REJECTED_RECORD],
])('%s is read as it is, and refused with the name of what was damaged', (_, schema) =>
  checkReadLaws(schema),
);

it('takes what was written before a field was added', () => {
  expect(fits(FOLD_SETTINGS, DEFAULT_FOLD_SETTINGS)).toBe(true);
  const record = { process: 'p', part: 'gateway', time: 1, totals: {}, gauges: { viewers: 2 } };
  expect(fits(SYSTEM_RECORD, record)).toBe(true);
  expect(fits(DEFINITION_RECORD, { kind: 'board', id: 'b' })).toBe(true);
});
