import { ok, type Result, refuse, shown } from './errors.ts';

/**
 * A record of the `definitions` topic. The first `identity` record names the log; it is also the cursors' epoch.
 * The others change one definition, only if `basedOn` is still current (rule 8).
 */
export type DefinitionRecord =
  | { kind: 'identity'; id: string }
  | {
      kind: 'metric' | 'board';
      id: string;
      /** Offset of the record this one replaces; null when there is none. */
      basedOn: number | null;
      /** The canonical definition; null deletes. */
      body: Record<string, unknown> | null;
      /** Metrics: the version whose states it keeps; null starts a new one, numbered by this record's own offset. */
      version: number | null;
    };

export interface Definition {
  kind: 'metric' | 'board';
  id: string;
  body: Record<string, unknown>;
  /** Offset of the record that holds it: the ETag. */
  offset: number;
  /** Metrics: offset of the record that started the current fold. Never used twice, so old rows are never met. */
  version: number;
}

/** The definitions as of a prefix of the topic. Readers of equal prefixes hold equal catalogs. */
export interface Catalog {
  identity: string | null;
  metrics: Map<string, Definition>;
  boards: Map<string, Definition>;
}

export const emptyCatalog = (): Catalog => ({ identity: null, metrics: new Map(), boards: new Map() });

/** Applies one record in place; false when it was based on something that is not current. */
export function applyDefinition(catalog: Catalog, record: DefinitionRecord, offset: number): boolean {
  if (record.kind === 'identity') {
    if (catalog.identity !== null) return false;
    catalog.identity = record.id;
    return true;
  }
  const entries = record.kind === 'metric' ? catalog.metrics : catalog.boards;
  const current = entries.get(record.id);
  if ((current?.offset ?? null) !== record.basedOn) return false;
  if (record.body === null) entries.delete(record.id);
  else {
    const version = record.version ?? offset;
    entries.set(record.id, { kind: record.kind, id: record.id, body: record.body, offset, version });
  }
  return true;
}

export const encodeDefinition = (record: DefinitionRecord): string => JSON.stringify(record);

export function decodeDefinition(text: string): Result<DefinitionRecord> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse('invalid_json', `Definition record: not JSON: ${shown(text)}.`);
  }
  const r = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  const { kind, id, basedOn = null, body = null, version = null } = r;
  if (kind === 'identity' && typeof id === 'string') return ok({ kind, id });
  const offsets = [basedOn, version].every((n) => n === null || Number.isSafeInteger(n));
  if (
    (kind === 'metric' || kind === 'board') &&
    typeof id === 'string' &&
    offsets &&
    typeof body === 'object' &&
    !Array.isArray(body)
  ) {
    return ok({
      kind,
      id,
      basedOn: basedOn as number | null,
      body: body as Record<string, unknown> | null,
      version: version as number | null,
    });
  }
  return refuse('wrong_type', `Definition record: expected identity, metric or board, got ${shown(raw)}.`);
}
