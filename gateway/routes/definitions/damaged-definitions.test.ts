import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';
import { readJson } from './json-text.ts';

const JSON_TYPE = 'application/json';
const YAML = 'application/yaml';
/** What curl declares when nothing is said. */
const CURL = 'application/x-www-form-urlencoded';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const put = async (type: string, body: string | Uint8Array<ArrayBuffer>, path = 'metrics/m') => {
  const headers = { 'content-type': type };
  const answer = await fetch(`${gateway.url}/v1/${path}`, { method: 'PUT', headers, body });
  const { code, field, detail } = (await answer.json()) as Record<string, string>;
  return { status: answer.status, code, field, detail };
};

// Each of them would be a good definition, were it repaired.
const TRUNCATED = '{"event":"a","aggregate":"count","where":{"amount":{"gt":5';
const MAX_DEFINITION = 262_144;
const TWICE = '{"event":"a","aggregate":"count","event":"b"}';
const DEEP = '{"event":"a","aggregate":"count","where":{"x":{"gt":1,"gt":2}}}';

describe('a damaged definition', () => {
  it.each([
    [CURL, TRUNCATED, 'invalid_definition'],
    [YAML, TRUNCATED, 'invalid_definition'],
    [JSON_TYPE, TRUNCATED, 'invalid_json'],
    [YAML, 'event: "a\naggregate: count', 'invalid_definition'],
    [YAML, 'event: [a, b\naggregate: count', 'invalid_definition'],
    [YAML, 'event: a\naggregate: count\n---\nevent: b\naggregate: count', 'invalid_definition'],
    [YAML, 'event: !odd a\naggregate: count', 'invalid_definition'],
    [YAML, 'event: a\naggregate: count\nevent: b', 'duplicate_key'],
    [YAML, 'event: a\naggregate: count\nwhere: { 1: x, "1": y }', 'duplicate_key'],
    [CURL, TWICE, 'duplicate_key'],
    [CURL, DEEP, 'duplicate_key'],
    [JSON_TYPE, TWICE, 'duplicate_key'],
    [JSON_TYPE, DEEP, 'duplicate_key'],
    [JSON_TYPE, '{"event":"a","aggregate":"count","\\u0065vent":"b"}', 'duplicate_key'],
    [JSON_TYPE, '', 'empty_body'],
  ])('as %s is refused: %s', async (type, text, code) => {
    expect(await put(type, text)).toMatchObject({ status: 400, code });
    expect(gateway.catalog.catalog.metrics.has('m')).toBe(false);
  });

  it.each([JSON_TYPE, YAML])('that is no UTF-8 is refused as %s', async (type) => {
    const bytes = new TextEncoder().encode('{"event":"a?","aggregate":"count"}');
    bytes[bytes.indexOf(0x3f)] = 0xff;
    expect(await put(type, bytes)).toMatchObject({ status: 400, code: 'invalid_utf8' });
  });

  it('is refused as a board too', async () => {
    expect(await put(CURL, '{"title":"Shop","panels":[', 'boards/b')).toMatchObject({
      status: 400,
      code: 'invalid_definition',
    });
    expect(await put(JSON_TYPE, '{"title":"A","title":"B"}', 'boards/b')).toMatchObject({
      status: 400,
      code: 'duplicate_key',
      field: 'title',
    });
  });

  it('as JSON is quoted in the refusal, which says where reading stopped', async () => {
    const { detail } = await put(JSON_TYPE, '{"event":"a",}');
    expect(detail).toMatch(/^The body is not JSON: .*position 13.*; got "\{\\"event/);
  });

  it('is refused with the position of a repeated key', async () => {
    expect((await put(YAML, 'event: a\naggregate: count\nevent: b')).detail).toContain('line 3, column 1');
    expect((await put(JSON_TYPE, TWICE)).detail).toContain('"event" stands twice');
  });
});

describe('a definition', () => {
  it.each([JSON_TYPE, YAML])('may be as large as the limit and no larger, as %s', async (type) => {
    const text = '{"event":"a","aggregate":"count"}';
    const full = text + ' '.repeat(MAX_DEFINITION - text.length);
    expect((await put(type, full, 'metrics/large')).status).toBeLessThan(300);
    expect(await put(type, `${full} `, 'metrics/large')).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
  });
});

describe('readJson', () => {
  it('reads whatever JSON.stringify writes to the same value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it('finds a key that is repeated anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.jsonValue(), fc.nat(5), (name, value, depth) => {
        const pair = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
        const text = `${'[0,{"in":'.repeat(depth)}{${pair},"~other~":[],${pair}}${'}]'.repeat(depth)}`;
        expect(readJson(text)).toMatchObject({ ok: false, fault: { code: 'duplicate_key', field: name } });
      }),
    );
  });
});
