import { type Chapter, panelOf, type Scene } from './scene.ts';

type Parts = Parameters<typeof panelOf>[3];

const list = (kind: 'top' | 'table', metric: string, usual: Parts) => {
  return (
    id: string,
    caption: string,
    more: Partial<Scene> & { metric?: string; parts?: Parts } = {},
  ): Scene => {
    const { metric: other = metric, parts, ...rest } = more;
    const panel = panelOf(`${kind}-${id}`, kind, other, { ...usual, ...parts });
    return { id: panel.id, caption, mode: 'live', panel, ...rest };
  };
};
const top = list('top', 'pages', { title: 'Top pages', limit: 7 });
const table = list('table', 'service_latency', { title: 'Services' });

export const TOPS: Chapter = {
  title: 'Top',
  scenes: [
    top('live', 'Ranked, with share, and the others as one'),
    top('few', 'A limit of three', { parts: { limit: 3 } }),
    top('not-added', 'Distinct users: no share, no sum', {
      metric: 'countries',
      parts: { title: 'Top countries', limit: 100 },
    }),
    top('capped', 'Beyond the cap of groups', { metric: 'pages_capped' }),
    top('stale', 'asOf stands still: hatched', { mode: 'stale' }),
    top('paused', 'As of the pause', { act: (s) => s.pause() }),
    top('reconnecting', 'The rows stay', { mode: 'reconnecting' }),
    top('refused', 'The last good rows, faint', { mode: 'refused-later' }),
    top('waiting', 'Before the first answer', { mode: 'waiting' }),
    top('unmatched', 'No event matches the filter', { parts: { where: { page: '/nowhere' } } }),
    top('empty', 'Empty: it teaches', { metric: 'refunds', parts: { title: 'Refunds' } }),
    top('one', 'A single group', { metric: 'orders', parts: { title: 'Orders', groupBy: [] } }),
  ],
};

export const TABLES: Chapter = {
  title: 'Tables',
  scenes: [
    table('live', 'Every output of every group'),
    table('two-dimensions', 'Two dimensions, twelve rows and the others', {
      metric: 'orders_by_shop',
      parts: { title: 'Revenue', limit: 12 },
    }),
    table('stale', 'asOf stands still: hatched', { mode: 'stale' }),
    table('paused', 'As of the pause', { act: (s) => s.pause() }),
    table('reconnecting', 'The rows stay', { mode: 'reconnecting' }),
    table('refused', 'The last good rows, faint', { mode: 'refused-later' }),
    table('unknown', 'A metric nobody defined', { mode: 'unknown' }),
  ],
};
