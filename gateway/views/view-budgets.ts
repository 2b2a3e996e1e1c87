import type { Budget } from '#platform/limits/budgets.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';

type Deps = Pick<GatewayDeps, 'budgets'>;

/** Memory of views: their cells, series and windows, by estimate. */
export function openViewBytes(settings: GatewaySettings, { budgets }: Deps): Budget {
  const { viewBytes, viewBytesPerKey, viewBytesPerConnection } = settings;
  const perKey = { most: viewBytesPerKey, setting: 'MILLRACE_VIEW_BYTES_PER_KEY' };
  return budgets.open({
    name: 'view_bytes',
    unit: 'bytes',
    most: viewBytes,
    setting: 'MILLRACE_VIEW_BYTES',
    shares: {
      connection: { most: viewBytesPerConnection, setting: 'MILLRACE_VIEW_BYTES_PER_CONNECTION' },
      key: perKey,
      // Without a key, the address is all that is known of a caller.
      address: perKey,
    },
  });
}

/** Requests that wait: for their answer, or over HTTP for a change. */
export function openWaits(settings: GatewaySettings, { budgets }: Deps): { answers: Budget; polls: Budget } {
  const { views, answers, waiting } = settings;
  const connection = { most: views, setting: 'MILLRACE_VIEWS' };
  return {
    answers: budgets.open({
      name: 'waiting_answers',
      unit: 'count',
      most: answers,
      setting: 'MILLRACE_WAITING_ANSWERS',
      shares: { connection },
    }),
    polls: budgets.open({
      name: 'waiting_requests',
      unit: 'count',
      most: waiting,
      setting: 'MILLRACE_WAITING_REQUESTS',
    }),
  };
}

/** Reports the states that can still change; the hub bounds them. */
export function watchHot(settings: GatewaySettings, { budgets }: Deps, hub: () => ViewHub | null): void {
  const { hotBytes, cells } = settings;
  const bytes = { name: 'hot_bytes', unit: 'bytes', most: hotBytes, setting: 'MILLRACE_HOT_BYTES' } as const;
  const states = { name: 'hot_cells', unit: 'count', most: cells, setting: 'MILLRACE_HOT_CELLS' } as const;
  budgets.watch(bytes, () => hub()?.bytes() ?? 0);
  budgets.watch(states, () => hub()?.size() ?? 0);
}
