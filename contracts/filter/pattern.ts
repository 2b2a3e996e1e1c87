/** UTF-16 units of a pattern. */
export const MAX_PATTERN = 500;
/** Steps of a pattern once its repeats are written out. */
const MAX_STEPS = 2_000;
const MAX_REPEAT = 1_000;

/** What is read so far, and how many steps it makes. */
interface Reader {
  readonly pattern: string;
  at: number;
  /** Steps of the open groups; the last is the innermost. */
  readonly open: number[];
  /** Steps of the last item, which a repeat may follow; null where there is none. */
  item: number | null;
}

/**
 * Returns why a pattern is refused, null where it is taken. Taken is the part of RE2's syntax that ClickHouse and `re2js` read
 * alike, and that people write: literals, `.`, classes, `\d \w \s` and their opposites, `\b`, anchors, groups, flags i, m and s,
 * alternatives and repeats. Not taken: what RE2 does not have (look-around, back-references), what depends on the version of
 * Unicode (`\p{…}`), and what only reads as a literal since it is no syntax (`{,3}`). Linear in the pattern.
 */
export function refusalOfPattern(pattern: string): string | null {
  if (pattern === '' || pattern.length > MAX_PATTERN) return `a pattern has 1 to ${MAX_PATTERN} characters`;
  const reader: Reader = { pattern, at: 0, open: [0], item: null };
  while (reader.at < pattern.length) {
    const wrong = readItem(reader);
    if (wrong !== null) return `${wrong} at character ${reader.at + 1} of the pattern`;
    if (reader.open.reduce((sum, steps) => sum + steps, reader.item ?? 0) > MAX_STEPS)
      return `its repeats make more than ${MAX_STEPS} steps`;
  }
  return reader.open.length > 1 ? 'a group is not closed: ")" is missing' : null;
}

function readItem(reader: Reader): string | null {
  const { pattern, at } = reader;
  const char = String.fromCodePoint(pattern.codePointAt(at)!);
  if (char === '(') return openGroup(reader);
  if (char === ')') return closeGroup(reader);
  if ('*+?{'.includes(char)) return readRepeat(reader);
  if (char === '[') return readClass(reader);
  if (char === '\\') return readEscape(reader);
  if (char === ']') return 'a "]" that closes nothing: write \\]';
  if (char === '|') take(reader, { length: 1, steps: 1, isItem: false });
  else take(reader, { length: char.length, steps: char === '.' ? 8 : 1, isItem: !'^$'.includes(char) });
  return null;
}

/** The item before is done; a new one begins, which a repeat may follow where it is one. */
function take(
  reader: Reader,
  { length, steps, isItem = true }: { length: number; steps: number; isItem?: boolean },
): void {
  reader.open[reader.open.length - 1]! += (reader.item ?? 0) + (isItem ? 0 : steps);
  reader.item = isItem ? steps : null;
  reader.at += length;
}

const GROUP = /\((?:\?(?:[ims]*(?:-[ims]+)?):)?/y;
const FLAGS = /\(\?(?:[ims]+(?:-[ims]+)?|-[ims]+)\)/y;

function openGroup(reader: Reader): string | null {
  const flags = matchAt(FLAGS, reader);
  if (flags !== null) {
    take(reader, { length: flags.length, steps: 0, isItem: false });
    return null;
  }
  const group = matchAt(GROUP, reader)!;
  const next = reader.pattern.slice(reader.at + group.length, reader.at + group.length + 3);
  if (group === '(' && next.startsWith('?')) {
    return /^\?(?:[=!]|<[=!])/.test(next)
      ? 'RE2 has no look-ahead and no look-behind; there is one'
      : 'expected (?: or flags such as (?i), found another group';
  }
  take(reader, { length: group.length, steps: 2, isItem: false });
  reader.open.push(0);
  return null;
}

function closeGroup(reader: Reader): string | null {
  if (reader.open.length === 1) return 'a ")" that closes nothing: write \\)';
  take(reader, { length: 1, steps: 0, isItem: false });
  reader.item = reader.open.pop()! + 1;
  return null;
}

const REPEAT = /[*+?]\??|\{(\d{1,4})(?:(,)(\d{1,4})?)?\}\??/y;

function readRepeat(reader: Reader): string | null {
  REPEAT.lastIndex = reader.at;
  const found = REPEAT.exec(reader.pattern);
  if (found === null) return 'a "{" that begins no repeat such as {2,5}: write \\{';
  if (reader.item === null) return 'a repeat that follows nothing';
  const [text, least, comma, most] = found;
  const [low, high] = [Number(least ?? 0), Number(most ?? least ?? 1)];
  if (low > MAX_REPEAT || high > MAX_REPEAT || low > high)
    return `a repeat such as {2,5} of at most ${MAX_REPEAT} is expected`;
  const steps = (reader.item + 1) * Math.max(1, high) + (comma === undefined ? 0 : reader.item);
  reader.open[reader.open.length - 1]! += steps;
  reader.item = null;
  reader.at += text.length;
  return null;
}

const ESCAPE = /\\(?:[dDsSwWbtnrfvAz]|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]{1,6}\}|[!-/:-@[-`{-~])/y;

function readEscape(reader: Reader): string | null {
  const found = matchAt(ESCAPE, reader);
  if (found === null) {
    const wanted = reader.pattern.slice(reader.at, reader.at + 2);
    if (/^\\[1-9]/.test(wanted)) return 'RE2 has no back-references; there is one';
    if (/^\\p/i.test(wanted)) return 'classes of Unicode are not taken; write ranges such as [À-ÿ];';
    // RE2 finds one between the bytes of a character.
    if (wanted === '\\B') return '\\B is not taken';
    return `${JSON.stringify(wanted)} is no escape`;
  }
  if (isCoded(found) && codeOf(found) === null) return 'expected the number of a character';
  const isItem = !/^\\[bAz]/.test(found);
  take(reader, { length: found.length, steps: /^\\[DSW]/.test(found) ? 8 : 1, isItem });
  return null;
}

/** One member of a class: a named class, an escape, or a character that needs none. */
const MEMBER =
  /\[:\^?(?:alnum|alpha|digit|lower|punct|space|upper|word|xdigit):\]|\\(?:[dDsSwWtnrfv]|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]{1,6}\}|[!-/:-@[-`{-~])|[^\\[\]]/uy;

function readClass(reader: Reader): string | null {
  const { pattern } = reader;
  const start = reader.at;
  let at = start + (pattern[start + 1] === '^' ? 2 : 1);
  let from: number | null = null;
  let members = 0;
  for (; pattern[at] !== ']'; members += 1) {
    MEMBER.lastIndex = at;
    const member = MEMBER.exec(pattern)?.[0];
    if (member === undefined) return 'a class such as [a-z] that cannot be read, or is not closed';
    const isLast = pattern[at + 1] === ']';
    if (member === '-' && members > 0 && !isLast) {
      MEMBER.lastIndex = at + 1;
      const end = MEMBER.exec(pattern)?.[0];
      const to = end === undefined || end === '-' ? null : codeOf(end);
      if (from === null || to === null || to < from) return 'a "-" in a class that joins no range: write \\-';
      at += 1 + end!.length;
      from = null;
      continue;
    }
    from = codeOf(member);
    if (from === null && isCoded(member)) return 'expected the number of a character';
    at += member.length;
  }
  if (members === 0) return 'an empty class';
  reader.at = at + 1;
  const steps = 2 + members * 2 + (pattern[start + 1] === '^' ? 8 : 0);
  take(reader, { length: 0, steps });
  return null;
}

const isCoded = (text: string): boolean => text.startsWith('\\x');

/** The code point of an item that stands for one; null for a class, and for a number of no character. */
function codeOf(text: string): number | null {
  if (isCoded(text)) {
    const code = Number.parseInt(text.replace(/[^0-9A-Fa-f]/g, ''), 16);
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? null : code;
  }
  if (text.startsWith('[:')) return null;
  if (!text.startsWith('\\')) return text.codePointAt(0)!;
  const named = { t: 9, n: 10, v: 11, f: 12, r: 13 } as const;
  const letter = text[1]!;
  if (Object.hasOwn(named, letter)) return Reflect.get(named, letter);
  return /[dDsSwW]/.test(letter) ? null : letter.codePointAt(0)!;
}

function matchAt(expression: RegExp, { pattern, at }: Reader): string | null {
  expression.lastIndex = at;
  return expression.exec(pattern)?.[0] ?? null;
}
