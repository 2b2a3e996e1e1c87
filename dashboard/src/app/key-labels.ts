/** Why a key is asked for, or was not taken, in words for who reads the page. */
const WORDS: Record<string, string> = {
  missing_key: 'A key is needed to read here.',
  invalid_key: 'This key is not known here: mistyped, revoked, or of another Millrace.',
  expired_key: 'The key has expired.',
  revoked_key: 'The key was revoked.',
  forbidden_scope: 'This key does not allow reading. A key with the scope read is needed.',
  forbidden_origin: 'This key may not be used on this page.',
};

/** Codes after which the page goes on with another key only. */
export const asksForKey = (code: string): boolean =>
  ['missing_key', 'invalid_key', 'expired_key', 'revoked_key'].includes(code);

export const keyWords = (code: string): string => WORDS[code] ?? `The key was not accepted (${code}).`;
