import { expect, it } from 'vitest';
import type { RejectedRecord } from '#contracts/log/rejected-record.ts';
import { causesOf, countRefused } from './rejected-causes.ts';

const refused = (time: number, rest: Partial<RejectedRecord> = {}): RejectedRecord => ({
  ...{ time, code: 'unknown_field', field: 'amount', message: `saw ${time}`, body: `{${time}}` },
  ...{ agent: 'php/8.3 (linux)', network: 'private', key: 'abc' },
  ...rest,
});

it('puts refusals together by code, field and sender, with the newest as the example', () => {
  const causes = causesOf(
    [
      refused(50),
      refused(70),
      refused(60),
      refused(55, { key: 'other' }),
      refused(56, { code: 'request_timeout', field: undefined as never, agent: undefined as never }),
      refused(5),
    ],
    10,
  );
  expect(causes.map(({ count, saw, from }) => [count, saw, from])).toEqual([
    [3, 'saw 70', 'key abc · php/8.3 · private'],
    [1, 'saw 56', 'key abc · private'],
    [1, 'saw 55', 'key other · php/8.3 · private'],
  ]);
  expect(causes[0]).toMatchObject({
    todo: expect.stringContaining('Put amount under properties'),
    body: '{70}',
    last: 70,
  });
  expect(countRefused(causes, { leftOut: { invalid_key: 40 } })).toBe(45);
});

it('names the producer of what came by the topic', () => {
  const position = { partition: 3, offset: 1, index: 2 };
  const { time, body, message } = refused(50);
  expect(causesOf([{ time, body, message, code: 'invalid_json', position }], 0)[0]!.from).toBe(
    'a producer of the topic, partition 3',
  );
});
