import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REJECTED_RECORD } from '#contracts/log/rejected-record.ts';
import { fits } from '#contracts/schema/fits.ts';
import { makeRejectedRecord, type RequestFacts } from './make-rejected-record.ts';

const KEY = 'mr_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef';
const NOBODY: RequestFacts = { network: null, agent: null, key: null, authorization: null };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const recordOf = (text: string | Uint8Array, request: Partial<RequestFacts> = {}) =>
  makeRejectedRecord(
    {
      time: 1,
      fault: { code: 'invalid_json', message: 'm' },
      status: 400,
      text: typeof text === 'string' ? bytesOf(text) : text,
    },
    { ...NOBODY, ...request },
  );

describe('makeRejectedRecord', () => {
  it('has nothing of what is not known', () => {
    expect(recordOf('{')).toEqual({ time: 1, code: 'invalid_json', message: 'm', status: 400, body: '{' });
  });

  it('shows the beginning of any text, in whole characters, and no more than 1 KB of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        const { body } = recordOf(text);
        const size = bytesOf(body).length;
        expect(size).toBeLessThanOrEqual(1_024);
        // Half of a pair is no text.
        const whole = new TextDecoder().decode(bytesOf(text));
        expect(whole.startsWith(body)).toBe(true);
        if (body !== whole) expect(size).toBeGreaterThan(1_020);
      }),
    );
  });

  it('shows bytes that are no text within 1 KB as well', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => {
        expect(bytesOf(recordOf(bytes).body).length).toBeLessThanOrEqual(1_024);
      }),
    );
  });

  it('holds no key in any text, wherever it begins', () => {
    const secret = KEY.slice(16);
    for (const at of [0, 1_000, 1_010, 1_023, 2_000, 2_030]) {
      const text = `${'x'.repeat(at)}${KEY}${'y'.repeat(3_000)}`;
      const record = makeRejectedRecord(
        {
          time: 1,
          status: null,
          fault: { code: 'unknown_field', message: `no ${KEY}`, field: `a.${KEY}` },
          text: bytesOf(text),
        },
        { ...NOBODY, agent: `${'a'.repeat(170)} ${KEY}`, authorization: `Bearer ${KEY}` },
      );
      expect(fits(REJECTED_RECORD, record)).toBe(true);
      for (let i = 0; i + 13 <= secret.length; i++)
        expect(JSON.stringify(record)).not.toContain(secret.slice(i, i + 13));
    }
  });

  it('shows as much as ever where keys are hidden', () => {
    const { body } = recordOf(`${KEY} ${'x'.repeat(5_000)}`);
    expect(bytesOf(body)).toHaveLength(1_024);
    expect(body.startsWith('mr_0123456789ab_… xxx')).toBe(true);
  });

  it('cuts a User-Agent', () => {
    expect(recordOf('', { agent: 'x'.repeat(5_000) }).agent).toHaveLength(200);
  });
});
