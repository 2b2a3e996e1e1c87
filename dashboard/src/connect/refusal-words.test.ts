import { describe, expect, it } from 'vitest';
import { ERROR_CODES, ERRORS } from '#contracts/errors.ts';
import { partsOf, refusalWords, refusedEvent, senderText } from './refusal-words.ts';

describe('words of a refusal', () => {
  it.each([...ERROR_CODES])('say what %s means and what to do', (code) => {
    const { status, cause, fix } = refusalWords(code);
    expect(status).toBe(ERRORS[code].status);
    expect(cause).toMatch(/^[A-Z].{10,}/);
    const text = fix.map((part) => part.text).join('');
    expect(text).toMatch(/^.{15,}\.$/s);
    expect(text).not.toMatch(/[`\]]/);
  });

  it('keep the status of the answer, and a code that is not known here', () => {
    expect(refusalWords('wrong_type', 413).status).toBe(413);
    expect(refusalWords('of_tomorrow', 418)).toMatchObject({ status: 418, cause: 'of_tomorrow' });
    expect(refusalWords('toString').cause).toBe('toString');
  });

  it('set code apart, and leave the words of a link', () => {
    expect(partsOf('Send `a: b`; [SECURITY.md](SECURITY.md) says more.')).toEqual([
      { text: 'Send ', code: false },
      { text: 'a: b', code: true },
      { text: '; SECURITY.md says more.', code: false },
    ]);
  });
});

it.each([
  ['{"event":"order","amount":1}', 'order'],
  ['{"event":7}', ''],
  ['{"event":"or', ''],
  ['', ''],
  ['[1]', ''],
])('reads the name of the event in %s', (body, event) => expect(refusedEvent(body)).toBe(event));

it.each([
  [{ agent: 'curl/8.5.0', network: 'loopback' }, 'curl/8.5.0, this machine'],
  [{ agent: 'Mozilla/5.0 (X11; Linux)', network: 'public' }, 'browser, internet'],
  [{ network: 'private' }, 'own network'],
  [{ agent: 'python-requests/2 x' }, 'python-requests/2'],
  [{}, ''],
])('says who sent %j', (record, text) => expect(senderText(record)).toBe(text));
