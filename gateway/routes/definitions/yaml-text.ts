import { Composer, isScalar, LineCounter, type Node, Parser, stringify, visit } from 'yaml';
import { type Fault, ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { readJson } from './json-text.ts';
import { checkYamlSize } from './yaml-size.ts';

/**
 * The parser repairs what it cannot read and says so beside the value: a text with any such remark is refused, or a
 * truncated one would be taken for whole. The parser runs on the main thread, so that what it may be given is
 * bounded before (`yaml-size.ts`), and it is stopped at its first remark.
 */
export function readYaml(text: string): Result<unknown> {
  // JSON is YAML, and read as what it is at a tenth of the cost.
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

/** Characters of JSON up to which a value is written as YAML, which takes a hundred times as long. */
const MAX_YAML = 65_536;

/** What the parser says of a text that it cannot read as it stands. */
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
  // The library's own way to hear of a remark is private: it keeps all of them, each an exception with its stack, which makes
  // 65,000 commas take 600 ms in place of 1. Were it to change, remarks are found in the document below, only later.
  // The first counts: on the way out each open list and map makes a remark of what came from within.
  let first: Remark | null = null;
  const onError: OnError = (source, _, message) => {
    first ??= new Remark(message, offsetOf(source));
    throw first;
  };
  Object.assign(composer, { onError });
  const documents = composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length);
  // Told to make a document of an empty text too, it always makes one.
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
 * As YAML, or as JSON where that is too much YAML for `readYaml` or for `most` bytes: JSON is YAML too, and what was given
 * can always be sent again.
 */
export function writeYaml(value: unknown, most: number): string {
  const json = JSON.stringify(value);
  if (json.length > MAX_YAML) return json;
  const text = stringify(value);
  return Buffer.byteLength(text) > most || checkYamlSize(text) !== null ? json : text;
}
