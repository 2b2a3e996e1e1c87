import { resolveView } from '#contracts/view/resolve-view.ts';
import { startsOf, timelineOf } from '#contracts/view/timeline.ts';
import { endOf, floorOn } from '#contracts/view/windows.ts';
import { alignedOf, readWindowPages } from '#gateway/views/read-pages.ts';
import { createClickHouseStore } from '#platform/store/sql/clickhouse-store.ts';

/** The parts of the real code that read history; a weakened copy has the same shape. */
export interface Engine {
  resolveView: typeof resolveView;
  timelineOf: typeof timelineOf;
  startsOf: typeof startsOf;
  endOf: typeof endOf;
  floorOn: typeof floorOn;
  alignedOf: typeof alignedOf;
  readWindowPages: typeof readWindowPages;
  createClickHouseStore: typeof createClickHouseStore;
}

export const REAL_ENGINE: Engine = {
  resolveView,
  timelineOf,
  startsOf,
  endOf,
  floorOn,
  alignedOf,
  readWindowPages,
  createClickHouseStore,
};
