import { builtInMetrics } from '#contracts/metric/built-in.ts';
import type { CatalogFollower } from './follow.ts';

/**
 * Writes the definitions of built-in metrics that the topic lacks, or has from another version of Millrace or for another horizon (ms). Processes that start
 * together write on the same base, so that one record is applied and the others change nothing (rule 8); its history is filled in
 * as that of any metric (rule 7). Rejects as `write` does.
 */
export async function defineBuiltIns(
  { catalog, write }: Pick<CatalogFollower, 'catalog' | 'write'>,
  horizon: number,
): Promise<void> {
  for (const [id, wanted] of Object.entries(builtInMetrics(horizon))) {
    const current = catalog.metrics.get(id);
    if (current !== undefined && JSON.stringify(current.body) === JSON.stringify(wanted)) continue;
    const basedOn = current?.offset ?? null;
    await write({ kind: 'metric', id, basedOn, body: wanted, version: null });
  }
}
