import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutSecrets } from './without-secrets.ts';

const KEY = 'mr_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef';
const ADMIN = 'the-operator-s-own-long-random-key';

describe('withoutSecrets', () => {
  it.each([
    [`{"api_key":"${KEY}"}`, null, '{"api_key":"mr_0123456789ab_…"}'],
    [`${KEY},${KEY.toUpperCase()}`, null, 'mr_0123456789ab_…,MR_0123456789AB_…'],
    [KEY.slice(0, 30), null, 'mr_0123456789ab_…'],
    ['{"authorization":"Bearer abcdefgh123"}', null, '{"authorization":"Bearer …"}'],
    [`{"key":"${ADMIN}"}`, `Bearer ${ADMIN}`, '{"key":"…"}'],
    [`a ${ADMIN.slice(0, 20)}`, `Bearer ${ADMIN}`, 'a …'],
    ['Basic dXNlcjpwYXNzd29yZA==', 'Basic dXNlcjpwYXNzd29yZA==', 'Basic …'],
    [`${ADMIN} and ${ADMIN}`, ADMIN, '… and …'],
    ['{"event":"a"}', 'Bearer a', '{"event":"a"}'],
    ['a bearer of news', null, 'a bearer of news'],
    ['', null, ''],
  ])('%s, %s', (text, authorization, shown) => {
    expect(withoutSecrets(text, authorization)).toBe(shown);
  });

  it('leaves no presented credential in any text, wherever it was put and cut', () => {
    const credential = fc.stringMatching(/^[\x21-\x7e]{24,200}$/);
    const around = fc.string({ maxLength: 60 });
    fc.assert(
      fc.property(
        credential,
        fc.array(around, { minLength: 1, maxLength: 4 }),
        fc.nat(100),
        (secret, parts, cut) => {
          const whole = parts.join(secret);
          const shown = withoutSecrets(whole.slice(0, whole.length - cut), `Bearer ${secret}`);
          expect(shown).not.toContain(secret);
          // What was cut off right behind its first characters is not told from chance.
          expect(shown.includes(secret.slice(0, 12))).toBe(false);
        },
      ),
    );
  });

  it('leaves a text without any as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!/bearer|mr_/i.test(text));
        expect(withoutSecrets(text, 'Bearer a-credential-that-is-nowhere')).toBe(text);
      }),
    );
  });
});
