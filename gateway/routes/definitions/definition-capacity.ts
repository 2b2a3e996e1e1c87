import type { Fault } from '#contracts/errors.ts';
import type { Catalog, Definition } from '#contracts/log/definition-record.ts';
import { isBuiltIn } from '#contracts/metric/built-in.ts';
import type { Budgets } from '#platform/limits/budgets.ts';
import type { GatewaySettings } from '../../deps.ts';

/** The bounds of definitions: their number, their bytes, and the bytes of one. */
export interface DefinitionCapacity {
  /** Returns why a body cannot replace `current`; null where it can. */
  check(body: Record<string, unknown>, current: Definition | undefined): Fault | null;
}

const COUNT = 'definitions';
const BYTES = 'definition_bytes';

/** Definitions are bounded, since every process keeps all of them in memory, and every commit row those of the metrics it folds. */
export function createDefinitionCapacity(
  settings: Pick<GatewaySettings, 'definitions' | 'definitionBytes' | 'allDefinitionBytes'>,
  { metrics, boards }: Pick<Catalog, 'metrics' | 'boards'>,
  budgets: Pick<Budgets, 'watch' | 'refused'>,
): DefinitionCapacity {
  const { definitions, definitionBytes, allDefinitionBytes } = settings;
  const sizes = new WeakMap<Record<string, unknown>, number>();
  const sizeOf = (body: Record<string, unknown>): number => {
    const known = sizes.get(body);
    if (known !== undefined) return known;
    const size = Buffer.byteLength(JSON.stringify(body));
    sizes.set(body, size);
    return size;
  };
  /** Without built-in metrics, which nobody has defined. */
  const count = (): number => [...metrics.keys()].filter((id) => !isBuiltIn(id)).length + boards.size;
  const bytes = (): number => {
    let sum = 0;
    for (const { body } of metrics.values()) sum += sizeOf(body);
    for (const { body } of boards.values()) sum += sizeOf(body);
    return sum;
  };
  budgets.watch({ name: COUNT, unit: 'count', most: definitions, setting: 'MILLRACE_DEFINITIONS' }, count);
  const setting = 'MILLRACE_ALL_DEFINITION_BYTES';
  budgets.watch({ name: BYTES, unit: 'bytes', most: allDefinitionBytes, setting }, bytes);
  return {
    check(body, current) {
      const size = sizeOf(body);
      if (size > definitionBytes) {
        const message = `In canonical form the definition has ${size} bytes; at most ${definitionBytes} are allowed (MILLRACE_DEFINITION_BYTES).`;
        return { code: 'body_too_large', message };
      }
      if (current === undefined && count() >= definitions) {
        budgets.refused(COUNT);
        const message = `There are ${definitions} definitions, the limit (MILLRACE_DEFINITIONS).`;
        return { code: 'too_many_definitions', message };
      }
      const others = bytes() - (current === undefined ? 0 : sizeOf(current.body));
      if (others + size <= allDefinitionBytes) return null;
      budgets.refused(BYTES);
      const free = Math.max(0, allDefinitionBytes - others);
      const message = `All definitions together may have ${allDefinitionBytes} bytes (${setting}); this one has ${size}, and ${free} would fit.`;
      return { code: 'too_many_definitions', message };
    },
  };
}
