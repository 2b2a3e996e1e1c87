/**
 * Whether a client with this `Accept` header prefers a page to JSON, as a browser does that opens an address. A client
 * without the header, or with one that accepts anything, counts as a program.
 */
export function prefersHtml(accept: string | undefined): boolean {
  const wishes = new Map((accept ?? '').split(',', MOST).map(readWish));
  const html = wishes.get('text/html') ?? 0;
  return html > 0 && html >= Math.max(...JSON_TYPES.map((type) => wishes.get(type) ?? 0));
}

/** A browser names about ten types. */
const MOST = 50;
const JSON_TYPES = ['application/json', 'application/problem+json'];

/** One type with its weight, 1 where it says none or none that can be read. */
function readWish(text: string): [type: string, weight: number] {
  const [type = '', ...parameters] = text.split(';');
  const weight = parameters.map((one) => /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(one)?.[1]).find(Boolean);
  const read = Number(weight ?? 1);
  return [type.trim().toLowerCase(), Number.isNaN(read) ? 1 : read];
}
