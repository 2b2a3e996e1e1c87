import { expect, it } from 'vitest';
import { withoutCredentials } from './without-credentials.ts';

it.each([
  ['http://127.0.0.1:8123', 'http://127.0.0.1:8123'],
  ['http://me:secret@host:8123/x', 'http://host:8123/x'],
  ['https://secret@host', 'https://host'],
  ['tcp://me:se@cret@host:9000', 'tcp://host:9000'],
  ['http://me:se/cret@host', 'http://host'],
  ['me:secret@host:9092', 'host:9092'],
  ['http://host/?password=secret', 'http://host/'],
  ['http://host/#secret', 'http://host/'],
  ['http:/me:secret@host', 'host'],
])('%s is shown as %s', (address, shown) => {
  expect(withoutCredentials(address)).toBe(shown);
});
