import { describe, expect, expectTypeOf, it } from 'vitest';
import { openApiOf } from './open-api.ts';
import { readAs, refuseAs } from './read-as.ts';
import type { Schema, Static } from './schema.ts';
import { checkReadLaws } from './testing/read-laws.ts';

const PLACE = {
  type: 'object',
  required: ['x', 'w'],
  additionalProperties: false,
  member: 'a field of a place; allowed are',
  expected: 'whole x and w',
  whole: true,
  properties: { x: { type: 'integer', minimum: 0, maximum: 11 }, w: { type: 'integer' } },
} as const satisfies Schema;

const SHAPE = {
  type: 'object',
  required: ['name', 'place'],
  additionalProperties: false,
  member: 'a field of a shape; allowed are',
  subject: 'A shape is an object with name and place',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 10, description: 'For people' },
    kind: { enum: ['line', 'area'], default: 'line' },
    place: PLACE,
    limit: { type: ['integer', 'null'], minimum: 1, maximum: 100 },
    stack: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 3, uniqueItems: true },
    limits: {
      type: 'object',
      additionalProperties: { type: 'number' },
      propertyNames: { type: 'string', minLength: 1, characters: 2, subject: 'a limit has 1 or 2 letters' },
    },
    seconds: {
      type: 'string',
      pattern: '^[0-9]{1,3}s$',
      examples: ['1s', '60s'],
      expected: 'seconds such as "10s"',
      code: 'out_of_range',
      test: (text: unknown) => text !== '0s',
    },
    even: {
      type: 'integer',
      examples: [0, 2],
      check: (n: unknown, field: string) =>
        Number(n) % 2 === 0 ? null : { code: 'invalid_view', field, message: `${field}: ${n} is odd.` },
    },
    anything: {},
  },
} as const satisfies Schema;

const RECORD = {
  expected: 'settings or retire',
  anyOf: [
    {
      type: 'object',
      required: ['kind', 'groups'],
      properties: { kind: { const: 'settings' }, groups: { type: 'integer' } },
    },
    {
      type: 'object',
      required: ['kind', 'metric'],
      properties: { kind: { const: 'retire' }, metric: { type: 'string' } },
    },
  ],
} as const satisfies Schema;

const GOOD = { name: 'orders', place: { x: 0, w: 4 } };
const refusal = (change: object) => {
  const read = readAs(SHAPE, { ...GOOD, ...change }, { code: 'invalid_definition', at: 'shapes.0' });
  return read.ok ? null : read.fault;
};

describe('readAs', () => {
  it.each([PLACE, SHAPE, RECORD])('reads what fits as it is, and names what was damaged (%#)', (schema) =>
    checkReadLaws(schema),
  );

  it('gives the type of the schema', () => {
    const read = readAs(SHAPE, GOOD, { code: 'wrong_type' });
    if (!read.ok) throw new Error(read.fault.message);
    expectTypeOf(read.value.name).toEqualTypeOf<string>();
    expectTypeOf(read.value.limit).toEqualTypeOf<number | null | undefined>();
    expectTypeOf<Static<typeof RECORD>['kind']>().toEqualTypeOf<'settings' | 'retire'>();
  });

  it.each([
    [{ name: undefined }, 'name', 'expected text of 1 to 10 characters, but it is missing.'],
    [{ name: '' }, 'name', 'expected text of 1 to 10 characters, got "".'],
    [{ kind: 'pie' }, 'kind', 'expected one of line, area, got "pie".'],
    [{ place: { x: 12, w: 1 } }, 'place', 'expected whole x and w, got {"x":12,"w":1}.'],
    [{ limit: 0.5 }, 'limit', 'expected a whole number from 1 to 100 or null, got 0.5.'],
    [{ stack: 'yes' }, 'stack', 'expected true or false, got "yes".'],
    [{ tags: ['a', 'a'] }, 'tags', 'expected a list of at most 3, got ["a","a"].'],
    [{ tags: ['a', 1] }, 'tags.1', 'expected text, got 1.'],
    [{ limits: { a: '1' } }, 'limits.a', 'expected a number, got "1".'],
    [{ seconds: '0s' }, 'seconds', 'expected seconds such as "10s", got "0s".'],
    [{ even: 3 }, 'even', '3 is odd.'],
  ])('says of %j what was found and what is allowed', (change, field, text) => {
    const path = `shapes.0.${field}`;
    expect(refusal(change)).toMatchObject({ field: path, message: `${path}: ${text}` });
  });

  it('names what it does not know, and all that it knows', () => {
    expect(refusal({ colour: 1 })).toEqual({
      code: 'invalid_definition',
      field: 'shapes.0.colour',
      message: `shapes.0: "colour" is not a field of a shape; allowed are ${Object.keys(SHAPE.properties).join(', ')}.`,
    });
    expect(refusal({ place: { ...GOOD.place, z: 1 } })?.message).toContain('"z" is not a field of a place');
    expect(refusal({ limits: { '😀😀😀': 1 } })).toMatchObject({
      field: 'shapes.0.limits.😀😀😀',
      message: 'shapes.0.limits: a limit has 1 or 2 letters, got "😀😀😀".',
    });
    expect(refusal({ limits: { '😀😀': 1 } })).toBeNull();
  });

  it('takes the code of the innermost schema that names one', () => {
    expect(refusal({ seconds: 1 })?.code).toBe('out_of_range');
    expect(refusal({ even: 3 })?.code).toBe('invalid_view');
    expect(refuseAs(SHAPE.properties.seconds, '9s', { code: 'wrong_type', at: 'a' })).toMatchObject({
      fault: { code: 'out_of_range', message: 'a: expected seconds such as "10s", got "9s".' },
    });
  });

  it.each([
    [null, undefined, 'A shape is an object with name and place, got null.'],
    [[], undefined, 'A shape is an object with name and place, got [].'],
    [{ name: 'a' }, 'place', 'place: expected whole x and w, but it is missing.'],
  ])('refuses %j where the whole has no path', (value, field, message) => {
    const read = readAs(SHAPE, value, { code: 'invalid_definition' });
    expect(read).toEqual({
      ok: false,
      fault: { code: 'invalid_definition', message, ...(field && { field }) },
    });
  });

  it.each([
    [{ kind: 'other' }, 'Update: expected settings or retire, got {"kind":"other"}.'],
    [{ kind: 'settings' }, 'Update: groups: expected a whole number, but it is missing.'],
    [5, 'Update: expected settings or retire, got 5.'],
  ])('chooses the branch of a union by its constants: %j', (value, message) => {
    const read = readAs(RECORD, value, { code: 'wrong_type', of: 'Update' });
    expect(read).toMatchObject({ fault: { message } });
  });

  it('does not look at inherited names, and knows no name that is not its own', () => {
    const value: unknown = JSON.parse('{"name":"a","place":{"x":0,"w":1},"__proto__":1}');
    expect(readAs(SHAPE, value, { code: 'wrong_type' })).toMatchObject({ fault: { field: '__proto__' } });
    expect(readAs(SHAPE, { ...GOOD, constructor: 1 }, { code: 'wrong_type' }).ok).toBe(false);
  });
});

it('the document has the keywords, and nothing that only refusals need', () => {
  const { properties, ...head } = openApiOf(SHAPE, { description: 'A shape' });
  expect(head).toEqual({
    type: 'object',
    description: 'A shape',
    required: ['name', 'place'],
    additionalProperties: false,
  });
  expect(JSON.parse(JSON.stringify(properties))).toMatchObject({
    name: { type: 'string', minLength: 1, maxLength: 10, description: 'For people' },
    place: { properties: { x: { type: 'integer', minimum: 0, maximum: 11 } } },
    limits: { propertyNames: { type: 'string', minLength: 1, maxLength: 2 } },
    seconds: { type: 'string', pattern: '^[0-9]{1,3}s$', examples: ['1s', '60s'] },
    anything: {},
  });
});
