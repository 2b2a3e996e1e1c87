import { isScalar, LineCounter, type Node, parseDocument, stringify, visit } from 'yaml';
import { type Fault, ok, type Result, refuse, shown } from '#contracts/errors.ts';

/**
 * The only file that knows YAML. The parser repairs what it cannot read and says so beside the value: a text with any
 * such remark is refused, or a truncated one would be taken for whole. Aliases are bounded, so that a short text cannot
 * grow into a large value.
 */
export function readYaml(text: string): Result<unknown> {
  try {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: true, uniqueKeys: false });
    const [damage] = [...document.errors, ...document.warnings];
    if (damage !== undefined) throw damage;
    const repeated = findRepeatedKey(document.contents, lines);
    if (repeated !== null) return { ok: false, fault: repeated };
    return ok(document.toJS({ maxAliasCount: 20 }));
  } catch (error) {
    return refuse('invalid_definition', `The body is not YAML: ${(error as Error).message}`);
  }
}

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
          const { line, col } = lines.linePos(key.range?.[0] ?? 0);
          const message = `${shown(name)} stands twice in one map, again at line ${line}, column ${col}.`;
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

export const writeYaml = (value: unknown): string => stringify(value);
