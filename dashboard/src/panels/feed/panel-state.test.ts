import { describe, expect, it } from 'vitest';
import type { ConnectionStatus } from '#client/types.ts';
import { FORMATS } from '../../../testing/usual-formats.ts';
import { last } from '../../range/page-range.ts';
import { attemptLabel, type ConditionInput, conditionOf, tagOf } from './panel-state.ts';

const live: ConnectionStatus = {
  state: 'live',
  transport: 'websocket',
  roundTrip: 5,
  attempt: 0,
  nextTryAt: null,
  lastMessageAt: 0,
  refusal: null,
};
const revoked = { code: 'revoked_key', message: 'The key was revoked.', retry: false } as const;
const usual: ConditionInput = {
  refusal: null,
  known: true,
  isEmpty: false,
  filtered: false,
  paused: null,
  closed: false,
  stale: false,
  link: live,
};
const refusal = { code: 'unknown_metric', message: 'There is no metric "x".', retry: false } as const;

describe('the condition of a panel', () => {
  it.each([
    ['live', {}],
    ['empty', { isEmpty: true }],
    ['live', { filtered: true }],
    ['unmatched', { isEmpty: true, filtered: true }],
    ['waiting', { known: false }],
    ['paused', { paused: 5, stale: true }],
    ['closed', { closed: true }],
    ['empty', { closed: true, isEmpty: true }],
    ['stale', { closed: true, stale: true }],
    ['paused', { closed: true, paused: 5 }],
    ['stale', { stale: true, isEmpty: true }],
    ['reconnecting', { link: { state: 'reconnecting' as const } }],
    ['stale', { link: { state: 'reconnecting' as const }, stale: true }],
    ['refused', { refusal, known: false, paused: 5 }],
    ['reconnecting', { refusal: revoked, link: { state: 'refused' as const } }],
    ['waiting', { refusal: revoked, known: false, link: { state: 'refused' as const } }],
  ])('is %s for %j', (wanted, facts) => {
    expect(conditionOf({ ...usual, ...facts })).toBe(wanted);
  });
});

describe('the word in the header', () => {
  it('says since when nothing came, and which try is next', () => {
    const facts = {
      asOf: 1_000,
      now: 42_000,
      link: live,
      localNow: 0,
      code: null,
      ingestRate: null,
      formats: FORMATS,
      filled: null,
      fillFault: null,
      loading: null,
      closed: false,
      counted: null,
    };
    expect(tagOf('stale', facts)?.text).toBe('last update 41 s ago');
    expect(tagOf('live', facts)).toBeNull();
    expect(tagOf('live', { ...facts, filled: 0.629 })?.text).toBe('back-filling 62 %');
    expect(tagOf('empty', { ...facts, filled: 0.5 })?.text).toBe('back-filling 50 %');
    const failing = tagOf('live', { ...facts, filled: 0.5, fillFault: 'too long' });
    expect(failing).toMatchObject({ shape: 'cr', text: 'history missing', title: 'Tried again: too long' });
    expect(tagOf('empty', facts)?.text).toBe('no events yet');
    expect(tagOf('empty', { ...facts, counted: 10_000 })?.text).toMatch(/^counted to [\d:]+$/);
    expect(tagOf('unmatched', { ...facts, counted: 10_000 })?.text).toMatch(/^counted to [\d:]+$/);
    for (const condition of ['live', 'empty', 'paused'] as const)
      expect(tagOf(condition, { ...facts, loading: last(3_600_000) })?.text).toBe('loading 1 h');
    expect(tagOf('stale', { ...facts, loading: last(3_600_000) })?.text).toBe('last update 41 s ago');
    expect(tagOf('stale', { ...facts, filled: 0.5 })?.text).toBe('last update 41 s ago');
    expect(tagOf('refused', facts)).toMatchObject({ shape: 'cr', text: '✕ query failed' });
    expect(tagOf('refused', { ...facts, code: 'unknown_metric' })?.text).toBe('no such metric');
    expect(tagOf('reconnecting', { ...facts, link: { ...live, state: 'refused' } })?.text).toBe(
      'needs a key',
    );
    expect(tagOf('refused', { ...facts, code: 'forbidden_metric' })).toMatchObject({
      shape: 'ln',
      text: 'no access',
    });
    expect(tagOf('unmatched', { ...facts, ingestRate: 1_204.4 })?.text).toBe('0 of 1,204 ev/s match');
    expect(tagOf('unmatched', facts)?.text).toBe('no match');
    expect(tagOf('paused', facts)).toBeNull();
    expect(attemptLabel({ attempt: 3, nextTryAt: 11_500 }, 10_000)).toBe('try 3 in 2 s');
    expect(attemptLabel({ attempt: 3, nextTryAt: null }, 10_000)).toBe('try 3');
  });
});
