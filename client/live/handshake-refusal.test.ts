import { expect, it } from 'vitest';
import { handshakeRefusal } from './handshake-refusal.ts';

const body = (code: string, retry: unknown) => JSON.stringify({ code, message: 'No.', retry });

it.each(['forbidden_origin', 'forbidden_host'])('takes %s for an end', (code) => {
  expect(handshakeRefusal(body(code, false), 0)).toMatchObject({ code, retry: false });
});

it('waits as long as a gateway asks that accepts no handshakes now', () => {
  const refusal = handshakeRefusal(body('too_many_handshakes', true), 3_000);
  expect(refusal).toMatchObject({ code: 'too_many_handshakes', retry: true, after: 3_000 });
});

it.each([
  ['a session that is not known', body('invalid_message', false)],
  ['a code of others', body('denied', undefined)],
  ['a page', '<!doctype html>'],
  ['nothing', ''],
])('goes on trying after %s', (_, text) => {
  expect(handshakeRefusal(text, 0)).toBeNull();
});
