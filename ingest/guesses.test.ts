import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guessFormat, guessLines } from '#contracts/body/guess-format.ts';
import type { PostAnswer } from '#contracts/event/event.ts';
import { useIngest } from './testing/use-ingest.ts';

const start = useIngest();
const EVENT = '{"event":"a","properties":{"n":1}}';
const FORM = 'application/x-www-form-urlencoded';
const NDJSON = 'application/x-ndjson';

/** What the answer says of the body, or of its first event. */
async function refusal(body: string | Uint8Array, type: string) {
  const harness = await start();
  const answer = (await harness.post(body, { 'content-type': type })).json<
    PostAnswer & { code: string; detail: string }
  >();
  return { code: answer.code, text: answer.errors?.[0]?.message ?? answer.detail };
}

describe('a refusal says what the body seems to be', () => {
  test.each<[string, string | Uint8Array, string, string]>([
    ['gzip', gzipSync(EVENT), 'application/json', 'This is gzip: send Content-Encoding: gzip'],
    ['zstd', zstdCompressSync(Buffer.from(EVENT)), FORM, 'This is zstd: send Content-Encoding: zstd'],
    ['deflate', deflateSync(EVENT), 'application/json', 'deflate (zlib)'],
    [
      'UTF-16 with its mark',
      Buffer.from(`\ufeff${EVENT}`, 'utf16le'),
      'application/json',
      'This is UTF-16; send UTF-8',
    ],
    ['UTF-16 without', Buffer.from(EVENT, 'utf16le'), 'application/json', 'UTF-16; send UTF-8'],
    [
      'UTF-16, big end first',
      Buffer.from(EVENT, 'utf16le').swap16(),
      'application/json',
      'UTF-16; send UTF-8',
    ],
    [
      'NDJSON without its type',
      `${EVENT}\n${EVENT}\n`,
      FORM,
      'send it with Content-Type: application/x-ndjson',
    ],
    [
      'NDJSON as JSON',
      `${EVENT}\r\n${EVENT}`,
      'application/json',
      'send it with Content-Type: application/x-ndjson',
    ],
    [
      'much NDJSON without its type',
      `${EVENT}\n`.repeat(9_000),
      FORM,
      'send it with Content-Type: application/x-ndjson',
    ],
    ['NDJSON whose lines curl has joined', EVENT.repeat(3), FORM, '--data-binary'],
    ['joined lines, declared', EVENT.repeat(3), NDJSON, '--data-binary'],
    ['a list without brackets', `${EVENT},${EVENT}`, 'application/json', 'put them in [ and ]'],
    ['a list as NDJSON', `[${EVENT}]`, NDJSON, 'send a list with Content-Type: application/json'],
    ['JSON in a text', JSON.stringify(EVENT), 'application/json', 'not encoded a second time'],
    ['JSON in a text in a list', JSON.stringify([EVENT]), 'application/json', 'send the object itself'],
    ['quotes of a shell', `'${EVENT}'`, FORM, 'belong to a shell'],
    ['HTML', '<!DOCTYPE html><html></html>', 'text/html', 'HTML or XML'],
    ['a form', 'event=a&n=1', FORM, 'This is a form; send JSON'],
    ['URL-encoded JSON', encodeURIComponent(EVENT), FORM, 'URL-encoded'],
    [
      'a multipart form',
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1',
      'multipart/form-data',
      'form of several parts',
    ],
    ['a trailing comma', '{"event":"a",}', 'application/json', 'no comma behind the last value'],
    ['single quotes', "{'event':'a'}", 'application/json', 'double quotes only'],
    ['names without quotes', '{event:"a"}', 'application/json', 'names stand in double quotes'],
    ['NaN', '{"event":"a","properties":{"n":NaN}}', 'application/json', 'JSON has no NaN'],
    ['Python', '{"event":"a","properties":{"n":None}}', 'application/json', 'JSON has no None'],
    ['a comment', '{"event":"a" // x\n}', 'application/json', 'no comments'],
    ['a batch', `{"batch":[${EVENT}]}`, 'application/json', 'send the list itself'],
    ['name', '{"name":"x"}', 'application/json', '"name" is "event" here'],
    ['evnt', '{"evnt":"x"}', 'application/json', 'Did you mean "event"?'],
    ['Event', '{"Event":"x"}', 'application/json', 'Did you mean "event"?'],
    ['userId', '{"event":"a","userId":"u"}', 'application/json', 'user id is "key" here'],
    ['distinct_id', '{"event":"a","distinct_id":"u"}', 'application/json', 'user id is "key" here'],
    ['ts', '{"event":"a","ts":1}', 'application/json', '"ts" is "timestamp" here'],
    ['props', '{"event":"a","props":{}}', 'application/json', '"props" is "properties" here'],
    ['propertes', '{"event":"a","propertes":{}}', 'application/json', 'Did you mean "properties"?'],
  ])('%s', async (_, body, type, words) => {
    expect((await refusal(body, type)).text).toContain(words);
  });

  test.each<[string, string | Uint8Array, string]>([
    ['any text', 'hello there', 'text/plain'],
    ['CSV', 'event,n\na,1\n', 'text/csv'],
    ['brotli, which has no mark', brotliCompressSync(EVENT), 'application/json'],
    ['a list that is not closed', `[${EVENT}`, 'application/json'],
    ['one object that is not closed', '{"event":"a"', 'application/json'],
    ['junk behind an object', '{"event":"a"} x', 'application/json'],
    ['a name of the sender, beside the field', '{"event":"a","name":"x"}', 'application/json'],
    [
      'a time beside the timestamp',
      '{"event":"a","time":1,"timestamp":"2026-11-23T10:00:00Z"}',
      'application/json',
    ],
    ['a name like no other', '{"event":"a","amount":1}', 'application/json'],
    ['kind', '{"event":"a","kind":1}', 'application/json'],
    ['idle', '{"event":"a","idle":1}', 'application/json'],
    ['constructor', '{"event":"a","constructor":1}', 'application/json'],
    ['__proto__', '{"event":"a","__proto__":1}', 'application/json'],
  ])('nothing is guessed of %s', async (_, body, type) => {
    const { text } = await refusal(body, type);
    expect(text).not.toMatch(
      /This (is|seems)| here\.|Did you mean|Several objects|JSON has no|JSON has double/,
    );
  });
});

test('what curl sends by default goes on to work', async () => {
  const harness = await start();
  for (const type of [FORM, '', 'text/plain;charset=UTF-8'])
    expect((await harness.post(EVENT, { 'content-type': type })).json()).toMatchObject({ accepted: 1 });
});

test('a guess of the format is true of the bytes', () => {
  const json = fc.json({ maxDepth: 2 }).filter((text) => /^[{["]/.test(text));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), json), (text) => {
      const bytes = Buffer.from(text);
      const guess = guessFormat(bytes, 0);
      if (guess.includes('gzip:')) expect(bytes.readUInt16BE()).toBe(0x1f8b);
      if (guess.includes('holds JSON')) expect(text).toMatch(/^"\s*(\\[nrt]\s*)*[[{]/);
      if (guess.includes('UTF-16')) expect(bytes.subarray(0, 2)).toSatisfy((two: Buffer) => two.includes(0));
    }),
  );
});

test('lines are guessed where every line is an object, and nowhere else', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string(), value), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      (list, glued) => {
        const bytes = Buffer.from(list.map((object) => JSON.stringify(object)).join(glued ? '' : '\n'));
        const guess = guessLines(bytes, 0, bytes.length, false);
        if (list.length === 1) expect(guess).toBe('');
        else expect(guess).toContain(glued ? '--data-binary' : 'application/x-ndjson');
      },
    ),
  );
});
