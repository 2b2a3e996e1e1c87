import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ArchivedEvent } from '#contracts/event/event-page.ts';
import { curlOf, eventBody, jsonLines } from './event-json.ts';

const ARCHIVED: ArchivedEvent = {
  ...{ event: "it's", id: null, key: 'u_1', timestamp: 5_000, received: 6_000 },
  position: { partition: 0, offset: 0, index: 0 },
  properties: { note: 'a "b": c,', list: [1, {}] },
};

it('cuts no character and adds none, whatever the values hold', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const { lines, leftOut } = jsonLines(value);
      fc.pre(leftOut === 0);
      expect(lines.map((pieces) => pieces.map(({ text }) => text).join('')).join('\n')).toBe(
        JSON.stringify(value, null, 2),
      );
    }),
  );
});

it('tells names from values', () => {
  const { lines } = jsonLines(eventBody(ARCHIVED));
  expect(
    lines
      .flat()
      .filter(({ kind }) => kind === 'value')
      .map(({ text }) => text),
  ).toEqual(['"it\'s"', '"u_1"', '"1970-01-01T00:00:05.000Z"', '"a \\"b\\": c,"', '1']);
});

it('leaves out what is beyond 400 lines, and says how much', () => {
  const { lines, leftOut } = jsonLines(Array.from({ length: 1_000 }, (_, i) => i));
  expect([lines.length, leftOut]).toEqual([400, 602]);
});

it('is a command whose quotes a shell reads back', () => {
  const command = curlOf(ARCHIVED, 'http://127.0.0.1:8080');
  expect(command).toContain("curl http://127.0.0.1:8080/v1/events -H 'content-type: application/json' -d '");
  expect(command).toContain('"event":"it\'\\\'\'s"');
});
