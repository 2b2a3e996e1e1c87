import { type Chapter, panelOf, type Scene } from './scene.ts';

const stat = (id: string, caption: string, metric: string, more: Partial<Scene> = {}): Scene => ({
  id: `stat-${id}`,
  caption,
  mode: 'live',
  panel: panelOf(`stat-${id}`, 'stat', metric, { title: id.replaceAll('-', ' ') }),
  ...more,
});
const tail = (id: string, caption: string, mode = 'live', more: Partial<Scene> = {}): Scene => ({
  id: `tail-${id}`,
  caption,
  mode,
  panel: panelOf(`tail-${id}`, 'tail', null, { title: 'Events' }),
  ...more,
});
const link = (id: string, more: Partial<Scene> = {}): Scene => ({
  id: `link-${id}`,
  caption: '',
  mode: 'live',
  panel: null,
  ...more,
});

export const STATS: Chapter = {
  title: 'Figures',
  scenes: [
    stat('up-and-good', 'Favourable: hollow', 'rises_well'),
    stat('up-and-bad', 'Adverse: filled and critical', 'rises_badly'),
    stat('down-and-good', 'Favourable', 'falls_well'),
    stat('down-and-bad', 'Adverse', 'falls_badly'),
    stat('neither', 'Which way is good is not said', 'rises'),
    stat('percent', 'Percentage points', 'share'),
    stat('begun', 'Nothing to compare with', 'begun'),
    stat('money', 'Currency stands before', 'revenue'),
    stat('steady', 'No difference', 'constant'),
    stat('zero', 'Zero is a value', 'zero'),
    stat('no-value', 'No value is a dash', 'still_none'),
    stat('huge', '10¹⁵', 'huge'),
    stat('tiny', '10⁻⁹', 'tiny'),
    stat('stale', 'asOf stands still', 'orders', { mode: 'stale' }),
    stat('reconnecting', 'The figure stays', 'orders', { mode: 'reconnecting' }),
    stat('paused', 'As of the pause', 'orders', { act: (s) => s.pause() }),
    stat('refused-later', 'The last good figure, faint', 'orders', { mode: 'refused-later' }),
    stat('waiting', 'Before the first answer', 'orders', { mode: 'waiting' }),
    stat('refused', 'The reason', 'orders', { mode: 'refused' }),
    stat('unknown', 'A metric nobody defined', 'orders', { mode: 'unknown' }),
    stat('empty', 'No events yet', 'refunds'),
    stat('no-access', 'The key allows other metrics', 'orders', { mode: 'forbidden' }),
    stat('needs-a-key', 'The figure stays', 'orders', { mode: 'shut-out' }),
  ],
};

export const TAILS: Chapter = {
  title: 'Events',
  scenes: [
    tail('live', 'Young rows have a tick'),
    tail('stale', 'As old as the last beat', 'stale'),
    tail('paused', 'New events are counted', 'live', { act: (s) => s.pause() }),
    tail('reconnecting', 'The rows stay', 'reconnecting'),
  ],
};

export const LINKS: Chapter = {
  title: 'The link: shape, word, transport, round trip, age',
  scenes: [
    link('live'),
    link('degraded', { mode: 'polling' }),
    link('connecting', { link: { state: 'connecting', attempt: 1, transport: null, roundTrip: null } }),
    link('reconnecting', { mode: 'reconnecting' }),
    link('stale', { mode: 'stale' }),
    link('paused', { act: (s) => s.pause() }),
    link('offline', { offline: true }),
    link('no-key', { mode: 'shut-out' }),
  ],
};
