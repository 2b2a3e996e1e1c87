import { type Fault, ok, type Result, refuse, shown } from '#contracts/errors.ts';

/** Reads JSON and refuses repeated keys in an object, of which `JSON.parse` silently keeps the last. */
export function readJson(text: string): Result<unknown> {
  if (text.trim() === '') return refuse('empty_body', 'The body is empty; expected a JSON object.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse('invalid_json', `The body is not JSON: ${(error as Error).message}; got ${shown(text)}.`);
  }
  const fault = findRepeatedKey(text);
  return fault === null ? ok(value) : { ok: false, fault };
}

/** The keys so far of an object that is still open; null for an array. */
type Open = Set<string> | null;

/** The text must be valid JSON: then a string after `{`, or after a comma in an object, is a key. Without recursion, for any depth. */
function findRepeatedKey(text: string): Fault | null {
  const open: Open[] = [];
  let expectsKey = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '{' || c === '[') open.push(c === '{' ? new Set() : null);
    else if (c === '}' || c === ']') open.pop();
    if (c === '{' || c === ',') expectsKey = true;
    if (c !== '"') continue;
    const end = endOfString(text, i);
    const names = open.at(-1) ?? null;
    if (expectsKey && names !== null) {
      const name = JSON.parse(text.slice(i, end)) as string;
      if (names.has(name)) {
        const message = `${shown(name)} stands twice in one object, again at character ${i + 1}.`;
        return { code: 'duplicate_key', field: name, message };
      }
      names.add(name);
    }
    expectsKey = false;
    i = end - 1;
  }
  return null;
}

/** Returns the position after the closing quote of the string that opens at `from`. */
function endOfString(text: string, from: number): number {
  let i = from + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}
