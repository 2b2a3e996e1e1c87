import { beforeEach, expect, it } from 'vitest';
import { createMemoryStorage } from '../testing/fake-storage.ts';
import { PersistedEvents } from './persisted-events.ts';

const URL_A = new URL('http://a.example/');
const event = (id: string, size = 0) => JSON.stringify({ event: 'e', id, text: 'x'.repeat(size) });

let storage: ReturnType<typeof createMemoryStorage>;
let errors: unknown[];
const open = (url = URL_A) => new PersistedEvents(storage, url, (error) => errors.push(error));
const kept = () => [...storage.items.values()].flatMap((text) => text.split('\n'));

beforeEach(() => {
  storage = createMemoryStorage();
  errors = [];
});

it('keeps what it is given last, for the next page', () => {
  const first = open();
  first.persist([event('1'), event('2')]);
  first.persist([event('2'), event('3')]);
  expect(open().recover()).toEqual([event('2'), event('3')]);
});

it('leaves no entry where nothing is kept', () => {
  const page = open();
  page.persist([event('1')]);
  page.persist([]);
  expect(storage.items.size).toBe(0);
  expect(page.any).toBe(false);
});

it('leaves alone what other pages keep, and another server has its own', () => {
  const [one, two, elsewhere] = [open(), open(), open(new URL('http://b.example/'))];
  one.persist([event('1')]);
  two.persist([event('2')]);
  elsewhere.persist([event('3')]);
  one.persist([]);
  expect(open().recover()).toEqual([event('2')]);
  expect(elsewhere.recover()).toEqual([event('3')]);
});

it('removes what it took over once it is done', () => {
  open().persist([event('1'), event('2')]);
  const next = open();
  expect(next.recover()).toHaveLength(2);
  next.persist([event('2')]);
  expect(kept()).toEqual([event('2')]);
});

it('is bounded over all pages: the oldest go', () => {
  for (let page = 0; page < 30; page++) open().persist([event(String(page), 100_000)]);
  const left = kept();
  expect(left.join('\n').length).toBeLessThan(2_000_000);
  expect(left.at(-1)).toContain('"29"');
  expect(left[0]).not.toContain('"0"');
});

it('leaves out what is no event, and says so', () => {
  open().persist([event('1'), 'not json', '{"id":"2"}', '[]']);
  expect(open().recover()).toEqual([event('1')]);
  expect(errors.map(String)).toEqual(['Error: Skipped 3 stored lines that are not events.']);
});

it('says once that storage is refused, and again after it worked', () => {
  const page = open();
  for (const refuse of [true, true, false, true]) {
    storage.refuse = refuse;
    page.persist([event('1')]);
  }
  expect(errors).toHaveLength(2);
});
