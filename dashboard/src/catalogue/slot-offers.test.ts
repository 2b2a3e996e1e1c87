import { expect, it } from 'vitest';
import { FAKE_SCHEMA } from '../../testing/fake-schema.ts';
import { FORMATS } from '../../testing/usual-formats.ts';
import type { Listed } from './metric-list.ts';
import { offerDimensions, offerExpression, offerMetricEvents, offerWindows } from './slot-offers.ts';

const FACTS = FAKE_SCHEMA.events.find(({ event }) => event === 'checkout') ?? null;
const listed = (id: string): Listed => ({
  ...{ id, title: id, unit: '', saved: {}, metric: null, derived: null, fault: null, filling: null },
});
const METRICS = ['errors', 'requests', 'web-errors'].map(listed);
const texts = ({ entries }: { entries: readonly { text: string }[] }) => entries.map(({ text }) => text);

it('offers every event, one, or several', () => {
  expect(texts(offerMetricEvents(FAKE_SCHEMA, '', FORMATS))).toEqual([
    'page_viewed',
    'checkout',
    'any event',
  ]);
  expect(offerMetricEvents(FAKE_SCHEMA, 'checkout, refund', FORMATS).entries).toEqual([
    { text: 'checkout,refund', about: 'not seen yet: refund' },
  ]);
  expect(texts(offerMetricEvents(FAKE_SCHEMA, 'any', FORMATS))[0]).toBe('any event');
});

it('offers a number as a window in each unit, and says what cannot be one', () => {
  expect(texts(offerWindows('7'))).toEqual(['7s', '7m', '7h']);
  expect(texts(offerWindows('90s'))[0]).toBe('90s');
  expect(offerWindows('700ms').entries[0]).toMatchObject({ text: '700ms', refused: 'whole seconds only' });
  expect(offerWindows('30').entries.at(-1)).toMatchObject({ text: '30h', refused: 'at most a day' });
  expect(offerWindows('soon').fault).toContain('is no window');
});

it('offers dimensions once', () => {
  const taken = offerDimensions(FACTS, 'country', { taken: ['country'], numbers: FORMATS }).entries[0];
  expect(taken).toMatchObject({ text: 'country', refused: 'is split by already' });
  expect(texts(offerDimensions(FACTS, 'plan', { taken: [], numbers: FORMATS })).at(-1)).toBe('plan');
});

it('goes on with metrics in an expression, quoted where their ids need it', () => {
  expect(offerExpression('', METRICS).entries).toMatchObject([
    { text: 'errors', goesOn: 'errors ' },
    { text: 'requests' },
    { goesOn: '"web-errors" ' },
  ]);
  expect(offerExpression('errors / req', METRICS).entries).toMatchObject([
    { text: 'errors / req' },
    { goesOn: 'errors / requests ' },
  ]);
  expect(offerExpression('errors / requests * 100 ', METRICS).entries).toEqual([
    { text: 'errors / requests * 100', about: 'as it is typed' },
  ]);
  expect(offerExpression('errors / )', METRICS)).toMatchObject({ entries: [], fault: expect.any(String) });
});
