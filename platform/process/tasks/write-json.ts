/** Values that are written in a step. */
const STEP = 2_000;

/**
 * Returns the JSON text of plain data, in steps of about a millisecond: that of `JSON.stringify`. Of `toJSON`, what a date or a buffer
 * has, it knows nothing.
 */
export function* writeJson(value: unknown): Generator<undefined, string, undefined> {
  const pieces: string[] = [];
  yield* write(value, pieces);
  return pieces.join('');
}

function* write(value: unknown, pieces: string[]): Generator<undefined, void, undefined> {
  if (Array.isArray(value)) {
    pieces.push('[');
    yield* writeItems(value, pieces);
    pieces.push(']');
  } else if (typeof value === 'object' && value !== null) {
    let separator = '{';
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      pieces.push(separator, JSON.stringify(key), ':');
      separator = ',';
      yield* write(member, pieces);
    }
    pieces.push(separator === '{' ? '{}' : '}');
  } else pieces.push(JSON.stringify(value));
}

/** Long lists are of single values, or of objects that hold lists themselves. */
function* writeItems(items: readonly unknown[], pieces: string[]): Generator<undefined, void, undefined> {
  for (let from = 0; from < items.length; ) {
    if (from > 0) pieces.push(',');
    if (isSingle(items[from])) {
      let to = from + 1;
      while (to < items.length && to - from < STEP && isSingle(items[to])) to++;
      pieces.push(JSON.stringify(items.slice(from, to)).slice(1, -1));
      from = to;
    } else yield* write(items[from++], pieces);
    yield;
  }
}

const isSingle = (value: unknown): boolean => typeof value !== 'object' || value === null;
