import { Composer, isScalar, Lexer, LineCounter, type Node, Parser, stringify, visit } from 'yaml';
import { type Fault, ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { readJson } from './json-text.ts';

/**
 * The parser repairs what it cannot read and says so beside the value: a text with any such remark is refused, or a
 * truncated one would be taken for whole. The parser runs on the main thread, so that what it may be given is
 * bounded before (`checkYamlSize`), and it is stopped at its first remark.
 */
export function readYaml(text: string): Result<unknown> {
  // JSON is YAML, and reading it as JSON takes a tenth of the time.
  const json = text.trimStart().startsWith('{') ? readJson(text) : null;
  if (json !== null && (json.ok || json.fault.code !== 'invalid_json')) return json;
  const tooMuch = checkYamlSize(text);
  if (tooMuch !== null) return { ok: false, fault: tooMuch };
  const lines = new LineCounter();
  try {
    const document = parseOne(text, lines);
    const repeated = findRepeatedKey(document.contents, lines);
    if (repeated !== null) return { ok: false, fault: repeated };
    return ok(document.toJS({ maxAliasCount: 20 }));
  } catch (error) {
    const at = error instanceof Remark ? ` at ${place(lines, error.offset)}` : '';
    return refuse('invalid_definition', `The body is not YAML: ${(error as Error).message}${at}`);
  }
}

/** Characters of JSON up to which a value is written as YAML, which takes a hundred times as long as JSON. */
const MAX_YAML = 65_536;

/** What the parser says of a text that it cannot read as it is. */
class Remark extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

type OnError = (
  source: number | [number, number] | { offset: number },
  code: string,
  message: string,
) => void;

function parseOne(text: string, lines: LineCounter) {
  const composer = new Composer({ uniqueKeys: false });
  // `onError` is private. By default the library collects all remarks, each an exception with a stack, so that 65,000 commas take
  // 600 ms instead of 1. If a new version ignores this, the remarks are still found in the document below, only later.
  // The first remark counts: each open list and map repeats it on the way out.
  let first: Remark | null = null;
  const onError: OnError = (source, _, message) => {
    first ??= new Remark(message, offsetOf(source));
    throw first;
  };
  Object.assign(composer, { onError });
  const documents = composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length);
  // It always yields one: `true` above asks for a document of an empty text too.
  const document = documents.next().value!;
  const second = documents.next().value;
  if (second !== undefined) throw new Remark('Source contains multiple documents', second.range[0]);
  const [damage] = [...document.errors, ...document.warnings];
  if (damage !== undefined) throw new Remark(damage.message, damage.pos[0]);
  return document;
}

const offsetOf = (source: Parameters<OnError>[0]): number =>
  typeof source === 'number' ? source : Array.isArray(source) ? source[0] : source.offset;

const place = (lines: LineCounter, offset: number): string => {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}`;
};

/**
 * The first key that a map holds twice. The parser's own check compares every key with all before it, and takes 1 and
 * "1" for different keys, of which the value keeps only the last.
 */
function findRepeatedKey(root: Node | null, lines: LineCounter): Fault | null {
  let found: Fault | null = null;
  visit(root, {
    Map(_, map) {
      const names = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value ?? '');
        if (names.has(name)) {
          const message = `${shown(name)} stands twice in one map, again at ${place(lines, key.range?.[0] ?? 0)}.`;
          found = { code: 'duplicate_key', field: name, message };
          return visit.BREAK;
        }
        names.add(name);
      }
      return undefined;
    },
  });
  return found;
}

/**
 * Returns YAML, or JSON where the YAML would be too large for `readYaml` or for `most` bytes: JSON is YAML too, so that every
 * answer can be sent back.
 */
export function writeYaml(value: unknown, most: number): string {
  const json = JSON.stringify(value);
  if (json.length > MAX_YAML) return json;
  const text = stringify(value);
  return Buffer.byteLength(text) > most || checkYamlSize(text) !== null ? json : text;
}

/** Tokens of one text: a board of 100 panels with filters has 17,000. The parser takes 1 to 2 µs for each. */
const MAX_TOKENS = 20_000;
/** Brackets and braces that may be open at once. */
const MAX_DEPTH = 16;
/** Tags, anchors and aliases, which few definitions have any of. */
const MAX_NAMED = 200;

/**
 * Returns why a YAML text would cost more to parse than a definition may; null where it would not. The lexer is lazy and keeps
 * nothing, so that the check ends where the text is too large, however much of it is left.
 */
export function checkYamlSize(text: string): Fault | null {
  let tokens = 0;
  let depth = 0;
  let named = 0;
  for (const token of new Lexer().lex(text)) {
    const mark = token[0];
    if (++tokens > MAX_TOKENS) return tooLarge(`more than ${MAX_TOKENS} words and signs`);
    if (mark === '[' || mark === '{') depth++;
    else if (mark === ']' || mark === '}') depth--;
    else if (mark === '!' || mark === '&' || mark === '*') named++;
    if (depth > MAX_DEPTH) return tooLarge(`brackets nested more than ${MAX_DEPTH} levels deep`);
    if (named > MAX_NAMED) return tooLarge(`more than ${MAX_NAMED} tags, anchors and aliases`);
  }
  return null;
}

const tooLarge = (what: string): Fault =>
  refuse('invalid_definition', `The body has ${what}. Send a definition of that size as JSON.`).fault;
