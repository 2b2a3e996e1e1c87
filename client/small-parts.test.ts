import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReporter } from './host/listeners.ts';
import { readFrame, readHeartbeat, readNotice, readTail } from './live/read-messages.ts';
import { createFakeTime } from './testing/fake-time.ts';
import { requestKey } from './views/view-registry.ts';

describe('requestKey', () => {
  it('is one for requests that mean the same, and another where they may not', () => {
    const key = requestKey({ metric: 'm', where: { a: 'x', b: ['2', '1'] }, groupBy: ['p', 'q'] });
    expect(requestKey({ groupBy: ['q', 'p'], where: { b: ['1', '2'], a: ['x'] }, metric: 'm' })).toBe(key);
    const others = [
      requestKey({ metric: 'm' }),
      requestKey({ metric: 'm', groupBy: [] }),
      requestKey({ metric: 'm', window: '10s' }),
      requestKey({ metric: 'm', range: '10s' }),
      requestKey({ metric: 'm', where: { a: '1' } }),
      requestKey({ metric: 'm', where: { a: 1 } }),
      requestKey({ metric: 'm', compare: 'previous' }),
      requestKey({ metric: 'm', compare: '1d' }),
      requestKey({ metric: 'm', top: { limit: 5 } }),
      requestKey({ metric: 'm', top: { limit: 10 } }),
      requestKey({ metric: 'm', window: 'auto' }),
      requestKey({ metric: 'm', window: 'auto', points: 60 }),
      key,
    ];
    expect(new Set(others).size).toBe(others.length);
    expect(requestKey({ metric: 'm', top: { limit: 5, by: 'p99' }, compare: null })).toBe(
      requestKey({ compare: null, top: { by: 'p99', limit: 5 }, metric: 'm', range: null }),
    );
  });
});

describe('reading messages', () => {
  it('takes no message of other shape, whatever it is', () => {
    const readers = [readFrame, readHeartbeat, readNotice, readTail];
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        for (const read of readers) expect([raw, null]).toContain(read(raw));
      }),
    );
    for (const raw of [null, 1, 'x', [], {}])
      expect(readers.map((read) => read(raw))).toEqual([null, null, null, null]);
  });
});

describe('the reporter', () => {
  it('cannot throw, and loses no error', () => {
    const shown: unknown[][] = [];
    const { error } = console;
    console.error = (...parts) => void shown.push(parts);
    try {
      const { after } = createFakeTime();
      createReporter(undefined, { after })('first');
      const throwing = () => {
        throw new Error('second');
      };
      createReporter(throwing, { after })('third');
    } finally {
      console.error = error;
    }
    expect(shown.map(String).join()).toMatch(/first.*second.*third/s);
  });
});
