import type { Variant } from '../../sim/variants.ts';
import { type CopiedParts, withWeakenedParts } from '../../sim/weaken.ts';
import type { Engine } from './engine.ts';

/** Where the parts of an `Engine` are, and what they import. */
const ENGINE: CopiedParts = {
  folders: ['contracts', 'aggregates', 'platform', 'gateway/core', 'gateway/views'],
  files: [
    'contracts/view/resolve-view.ts',
    'contracts/view/timeline.ts',
    'contracts/view/windows.ts',
    'gateway/views/read-pages.ts',
    'platform/store/sql/clickhouse-store.ts',
  ],
};

/** Runs `use` with a copy of the engine in which one bound is another; the copy is removed afterwards. */
export const withWeakenedEngine = <T>(variant: Variant, use: (engine: Engine) => Promise<T>): Promise<T> =>
  withWeakenedParts<T>(ENGINE, variant, (parts) => use(parts as Engine));
