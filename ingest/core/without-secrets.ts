/** Whole keys of Millrace, and cut ones: the id is public and stays. */
const KEY = /(mr_[0-9a-f]{12}_)[0-9a-f]+/gi;
/** A header that was written into a body or a message. */
const BEARER = /\b(bearer\s+)[\w.~+/=-]{8,}/gi;
/** Shorter texts are no credential that opens anything, and occur by chance. */
const SHORTEST = 8;
/** So many of its first characters tell a credential that was cut. */
const BEGINNING = 12;
const HIDDEN = '…';

/**
 * Returns a text without keys: those of Millrace's form, what follows `Bearer`, and the credential that the request itself
 * presented (the value of its Authorization header, or null), also where it was cut. Takes time linear in the text.
 */
export function withoutSecrets(text: string, authorization: string | null): string {
  const hidden = authorization === null ? text : hide(text, credentialOf(authorization));
  return hidden.replace(KEY, `$1${HIDDEN}`).replace(BEARER, `$1${HIDDEN}`);
}

/** Without its scheme: that is no secret. */
const credentialOf = (authorization: string): string => authorization.trim().replace(/^[a-z]+ +/i, '');

function hide(text: string, secret: string): string {
  if (secret.length < SHORTEST) return text;
  const beginning = secret.slice(0, BEGINNING);
  let shown = '';
  let from = 0;
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, from)) {
    let end = at + beginning.length;
    while (end < text.length && end - at < secret.length && text[end] === secret[end - at]) end++;
    shown += text.slice(from, at) + HIDDEN;
    from = end;
  }
  return shown + text.slice(from);
}
