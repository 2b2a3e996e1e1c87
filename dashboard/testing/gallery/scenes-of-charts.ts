import type { FakeMode } from '../fake-mode.ts';
import { MOMENT } from './freeze.ts';
import { type Chapter, panelOf, type Scene } from './scene.ts';

const latency = (
  id: string,
  caption: string,
  mode: FakeMode = 'live',
  act: Pick<Scene, 'act'> = {},
): Scene => ({
  id: `line-${id}`,
  caption,
  mode,
  panel: panelOf(`line-${id}`, 'line', 'checkout_latency', { title: 'Checkout latency' }),
  ...act,
});
const shape = (metric: string, caption: string, kind: 'line' | 'bars' = 'line'): Scene => {
  const id = `${kind}-${metric.replaceAll('_', '-')}`;
  return {
    id,
    caption,
    mode: 'live',
    panel: panelOf(id, kind, metric, { title: metric.replaceAll('_', ' ') }),
  };
};
const bars = (id: string, caption: string, mode: FakeMode = 'live', more: Partial<Scene> = {}): Scene => ({
  id: `bars-${id}`,
  caption,
  mode,
  panel: panelOf(`bars-${id}`, 'bars', 'orders', { title: 'Orders', window: '30s' }),
  ...more,
});

export const LINES: Chapter = {
  title: 'Lines',
  scenes: [
    latency('live', 'Full ink up to the now line'),
    {
      ...latency('fresh', 'The edge glows: a window has just closed'),
      panel: panelOf('line-fresh', 'line', 'checkout_latency', { title: 'Checkout latency', window: '15s' }),
    },
    {
      ...latency('open', 'A window that is not closed is dashed'),
      panel: panelOf('line-open', 'line', 'checkout_latency', { title: 'Checkout latency', window: '2m' }),
    },
    latency('stale', 'asOf stands still: hatched', 'stale'),
    latency('gap', 'A hole is drawn as a hole', 'gap'),
    latency('ended', 'No events come, which is not stale', 'ended'),
    latency('reconnecting', 'The picture stays; the now line loses its signal', 'reconnecting'),
    latency('paused', 'The now line is ink; new data is counted', 'live', { act: (s) => s.pause() }),
    latency('filling', 'History is still being filled in', 'filling'),
    latency('waiting', 'Says for what and since when', 'waiting'),
    latency('refused', 'The last good picture stays, faint', 'refused'),
    latency('unknown', 'A metric nobody defined', 'unknown'),
    latency('no-access', 'The key allows other metrics', 'forbidden'),
    latency('needs-a-key', 'The picture stays; its key was revoked', 'shut-out'),
    latency('reading', 'Labels become the readout', 'live', {
      act: (s) => s.crossHair.set(MOMENT - 107_300, 'line-reading'),
    }),
    latency('as-table', 'The same as figures', 'live', { act: (s) => s.go({ tables: ['line-as-table'] }) }),
    {
      id: 'line-empty',
      caption: 'Empty: it teaches',
      mode: 'live',
      panel: panelOf('line-empty', 'line', 'refunds', { title: 'Refunds', window: '1m' }),
    },
    {
      id: 'line-refused-at-once',
      caption: 'Refused before the first picture',
      mode: 'refused',
      panel: panelOf('line-refused-at-once', 'line', 'order_value', { title: 'Average order' }),
    },
    {
      id: 'line-groups',
      caption: 'Groups, each with its label',
      mode: 'live',
      panel: panelOf('line-groups', 'line', 'errors', { title: 'Errors by service' }),
    },
    shape('many', '14 series: the largest are named'),
    shape('negative', 'Below and above zero'),
    shape('huge', '10¹⁵'),
    shape('tiny', '10⁻⁹'),
    shape('constant', 'Constant'),
    shape('one_point', 'A single window'),
  ],
};

export const BARS: Chapter = {
  title: 'Bars',
  scenes: [
    bars('live', 'Counts in windows'),
    {
      ...bars('open', 'The open window is hollow, and says when it closes'),
      panel: panelOf('bars-open', 'bars', 'orders', { title: 'Orders', window: '2m' }),
    },
    bars('stale', 'Hatched', 'stale'),
    bars('paused', 'The now line is ink', 'live', { act: (s) => s.pause() }),
    shape('negative_bars', 'Below and above zero', 'bars'),
    shape('zero', 'Zero is a value', 'bars'),
    {
      ...bars('reading', 'One bar is read', 'live', {
        act: (s) => s.crossHair.set(MOMENT - 212_300, 'bars-reading'),
      }),
    },
  ],
};
