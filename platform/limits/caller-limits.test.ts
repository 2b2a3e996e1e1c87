import { describe, expect, it } from 'vitest';
import { createCallerLimits } from './caller-limits.ts';

const make = () => createCallerLimits('key', { requests: 2, events: 100, bytes: 1_000 });

describe('what a caller may send', () => {
  it('is a number of requests a second; the refusal names what is used up, its setting, and when to come again', () => {
    const limits = make();
    expect([limits.accept('a', 0), limits.accept('a', 0)]).toEqual([null, null]);
    expect(limits.accept('a', 0)).toEqual({
      code: 'too_many_requests',
      field: 'requests',
      message: 'This key has reached its limit of 2 requests per second (MILLRACE_KEY_REQUESTS).',
      after: 500,
    });
    expect(limits.accept('b', 0)).toBeNull();
    expect(limits.accept('a', 500)).toBeNull();
  });

  it.each([
    ['events', 300, 'MILLRACE_KEY_EVENTS'],
    ['bytes', 3_000, 'MILLRACE_KEY_BYTES'],
  ] as const)('counts %s after they came, and lets nothing in until they are paid', (measure, n, setting) => {
    const limits = make();
    limits.spend('a', measure, n, 0);
    expect(limits.isInDebt('a', 0)).toBe(true);
    expect(limits.isInDebt('b', 0)).toBe(false);
    expect(limits.accept('a', 0)).toMatchObject({
      field: measure,
      after: 2_000,
      message: expect.stringContaining(setting),
    });
    expect(limits.accept('b', 0)).toBeNull();
    expect(limits.accept('a', 2_000)).toBeNull();
    expect(limits.isInDebt('a', 2_000)).toBe(false);
  });

  it('is not counted as a request where it is refused for a debt', () => {
    const limits = make();
    limits.spend('a', 'events', 100.1, 0);
    for (let i = 0; i < 10; i++) limits.accept('a', 0);
    expect([limits.accept('a', 2), limits.accept('a', 2)]).toEqual([null, null]);
  });
});
