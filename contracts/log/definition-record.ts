import { ok, type Result, refuse, shown } from '../errors.ts';
import { isDerived } from '../metric/derived-metric.ts';
import { readAs } from '../schema/read-as.ts';
import { nullable, type Schema, type Static } from '../schema/schema.ts';
import { checkTexts, type TextLimits } from '../text/check-texts.ts';

export type DefinitionKind = 'metric' | 'board' | 'key';

/** Offset of the record that it replaces, or number of a version; null where there is none. */
const OFFSET = { type: ['integer', 'null'] } as const satisfies Schema;

const changeOf = <const Kind extends DefinitionKind>(kind: Kind) =>
  ({
    type: 'object',
    required: ['kind', 'id'],
    properties: {
      kind: { const: kind },
      id: { type: 'string' },
      basedOn: OFFSET,
      // The canonical definition; null deletes. Its readers validate what is in it.
      body: nullable({ type: 'object', additionalProperties: {}, expected: 'an object or null' }),
      // Metrics: the version whose states it keeps, the newest or the served one; null starts a new one, numbered by
      // this record's own offset.
      version: OFFSET,
    },
  }) as const satisfies Schema;

/**
 * A record of the `definitions` topic. The first `identity` record names the log; it is also the cursors' epoch.
 * `serve` says that readers get a metric's newest version from now on: its history is filled in. The others change
 * one definition, only if `basedOn` is still current (rule 8). `rebuild` asks that events that were late for a metric version
 * count for it, or with `cancelled` that this is not begun where it has not been done yet.
 */
export const DEFINITION_RECORD = {
  expected: 'identity, serve, rebuild, metric, board or key',
  anyOf: [
    {
      type: 'object',
      required: ['kind', 'id'],
      properties: { kind: { const: 'identity' }, id: { type: 'string' } },
    },
    {
      type: 'object',
      required: ['kind', 'id', 'version'],
      properties: { kind: { const: 'serve' }, id: { type: 'string' }, version: { type: 'integer' } },
    },
    {
      type: 'object',
      required: ['kind', 'id', 'version', 'cancelled'],
      properties: {
        kind: { const: 'rebuild' },
        id: { type: 'string' },
        version: { type: 'integer' },
        cancelled: { type: 'boolean' },
      },
    },
    changeOf('metric'),
    changeOf('board'),
    changeOf('key'),
  ],
} as const satisfies Schema;

type Stored = Static<typeof DEFINITION_RECORD>;
type StoredChange = Extract<Stored, { kind: DefinitionKind }>;
export type DefinitionRecord = Exclude<Stored, StoredChange> | Required<StoredChange>;

export interface Definition {
  kind: DefinitionKind;
  id: string;
  body: Record<string, unknown>;
  /** Offset of the record that holds it: the ETag. */
  offset: number;
  /** Metrics: offset of the record that started this fold. Never used twice, so old rows are never met. */
  version: number;
  /** Metrics: what readers get. Of an older version while the history of the newest is filled in. */
  served: Fold;
  /** Metrics: the newest rebuild of the newest version; absent where there is none. */
  rebuild?: Rebuild;
}

/** A wish that events that were late for a metric version count for it. */
export interface Rebuild {
  /** Offset of the record that asks for it. */
  request: number;
  cancelled: boolean;
}

/** One version of a metric, with the definition that readers and the fold take it from. */
export interface Fold {
  version: number;
  body: Record<string, unknown>;
}

/**
 * The versions of a metric that are folded: the served one, and the newest while it waits to be served. None of a derived metric:
 * it is computed from others where it is read.
 */
export const foldsOf = ({ version, body, served }: Definition): Fold[] =>
  (version === served.version ? [served] : [served, { version, body }]).filter(
    (fold) => !isDerived(fold.body),
  );

/** The definitions as of a prefix of the topic. Readers of equal prefixes hold equal catalogs. */
export interface Catalog {
  identity: string | null;
  metrics: Map<string, Definition>;
  boards: Map<string, Definition>;
  keys: Map<string, Definition>;
}

/** The part of a catalog that holds the definitions of a kind. */
export const entriesOf = (catalog: Catalog, kind: DefinitionKind): Map<string, Definition> =>
  ({ metric: catalog.metrics, board: catalog.boards, key: catalog.keys })[kind];

export const emptyCatalog = (): Catalog => ({
  identity: null,
  metrics: new Map(),
  boards: new Map(),
  keys: new Map(),
});

/** Applies one record in place; false when it was based on something that is not current. */
export function applyDefinition(catalog: Catalog, record: DefinitionRecord, offset: number): boolean {
  if (record.kind === 'identity') {
    if (catalog.identity !== null) return false;
    catalog.identity = record.id;
    return true;
  }
  if (record.kind === 'serve') return serve(catalog.metrics.get(record.id), record.version);
  if (record.kind === 'rebuild') return rebuild(catalog.metrics.get(record.id), record, offset);
  const entries = entriesOf(catalog, record.kind);
  const current = entries.get(record.id);
  if ((current?.offset ?? null) !== record.basedOn) return false;
  const { kind, id, body, version = null } = record;
  if (body === null) return entries.delete(id);
  // A version that is folded no longer has holes in its states.
  const isFolded = current !== undefined && foldsOf(current).some((fold) => fold.version === version);
  if (version !== null && !isFolded) return false;
  const fold = { version: version ?? offset, body };
  // A first version is served at once, and boards and derived metrics have nothing to fill in.
  const isFirst = current === undefined || isDerived(current.served.body) || isDerived(body);
  const keeps = kind === 'metric' && !isFirst && fold.version !== current.served.version;
  // Another version begins without its late events.
  const rebuilt = current?.version === fold.version ? current.rebuild : undefined;
  const kept = rebuilt === undefined ? {} : { rebuild: rebuilt };
  entries.set(id, { kind, id, offset, ...fold, served: keeps ? current.served : fold, ...kept });
  return true;
}

/** Only the newest version can become the served one, once. */
function serve(current: Definition | undefined, version: number): boolean {
  if (current?.version !== version || current.served.version === version) return false;
  current.served = { version, body: current.body };
  return true;
}

/** Only of the newest version, and what is cancelled must be under way. */
function rebuild(
  current: Definition | undefined,
  { version, cancelled }: { version: number; cancelled: boolean },
  offset: number,
): boolean {
  if (current?.version !== version) return false;
  if (!cancelled) current.rebuild = { request: offset, cancelled };
  else if (current.rebuild === undefined || current.rebuild.cancelled) return false;
  else current.rebuild = { ...current.rebuild, cancelled };
  return true;
}

/** Whatever was stored by any version; deeper or larger ones no process could write, or show, again. */
const STORED_TEXTS: TextLimits = { length: 2_000_000, depth: 100, parts: 500_000, halves: true };

const isChange = (record: Stored): record is StoredChange =>
  record.kind !== 'identity' && record.kind !== 'serve' && record.kind !== 'rebuild';

export const encodeDefinition = (record: DefinitionRecord): string => JSON.stringify(record);

export function decodeDefinition(text: string): Result<DefinitionRecord> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse('invalid_json', `Definition record: not JSON: ${shown(text)}.`);
  }
  const unfit = checkTexts(raw, 'wrong_type', STORED_TEXTS);
  if (unfit !== null) return refuse(unfit.code, `Definition record: ${unfit.message}`);
  const read = readAs(DEFINITION_RECORD, raw, { code: 'wrong_type', of: 'Definition record' });
  if (!read.ok) return read;
  if (!isChange(read.value)) return ok(read.value);
  const { kind, id, basedOn = null, body = null, version = null } = read.value;
  return ok({ kind, id, basedOn, body, version });
}
