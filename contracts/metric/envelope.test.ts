import fc from 'fast-check';
import { expect, it } from 'vitest';
import { envelopeFieldOf, pathOfProperty, propertyPath, readEventPath } from './envelope.ts';

const EVENT = { event: 'order', id: 'i 1', key: null, ts: 7 };
const read = (path: string, properties: Record<string, unknown> = {}) =>
  readEventPath({ ...EVENT, properties }, path);

it('reads fields of the envelope, apart from properties of the same name', () => {
  const properties = { $key: 'property', $$key: 'another', key: 'third', $keys: 1, $: { key: 2 } };
  expect(read('$event', properties)).toBe('order');
  expect(read('$id', properties)).toBe('i 1');
  expect(read('$key', properties)).toBeNull();
  expect(read('$timestamp', properties)).toBe(7);
  expect(read('$$key', properties)).toBe('property');
  expect(read('$$$key', properties)).toBe('another');
  expect(read('key', properties)).toBe('third');
  expect(read('$keys', properties)).toBe(1);
  expect(read('$.key', properties)).toBe(2);
});

it('every property has a path of its own', () => {
  const name = fc.oneof(fc.stringMatching(/^\${0,3}(?:event|id|key|timestamp|keys)\.?$/), fc.string());
  fc.assert(
    fc.property(name, (property) => {
      expect(envelopeFieldOf(pathOfProperty(property))).toBeNull();
      expect(propertyPath(pathOfProperty(property))).toBe(property);
    }),
  );
});
