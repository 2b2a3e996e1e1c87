import { expect, it } from 'vitest';
import type { ConnectionStatus } from '#client/types.ts';
import { FORMATS } from '../../testing/usual-formats.ts';
import { type LinkFacts, linkLabels } from './link-labels.ts';

const link: ConnectionStatus = {
  state: 'live',
  transport: 'websocket',
  roundTrip: 38.4,
  attempt: 0,
  nextTryAt: null,
  lastMessageAt: 0,
  refusal: null,
};
const facts: LinkFacts = {
  link,
  now: 10_300,
  localNow: 0,
  paused: null,
  closed: null,
  asOf: [10_000, 10_000],
  failing: 0,
  online: true,
  formats: FORMATS,
};

it.each([
  ['live', 'Live', 'WebSocket · 38 ms · age 0.3 s', {}],
  [
    'degraded',
    'Degraded',
    'polling · 38 ms · age 0.3 s',
    { link: { ...link, transport: 'polling' as const } },
  ],
  ['stale', 'Stale', 'open · age 41 s', { now: 51_000 }],
  ['stale', 'Partly stale', '2 of 3 views · age 41 s', { now: 51_000, asOf: [10_000, 12_000, 50_900] }],
  ['live', 'Live', 'WebSocket · 38 ms', { asOf: [] }],
  ['stale', 'Failing', '1 panel, trying again', { failing: 1 }],
  ['stale', 'Failing', '14 panels, trying again', { failing: 14, asOf: [] }],
  ['paused', 'Paused', `${FORMATS.clock(2_000)} · +8 s waiting`, { paused: 2_000 }],
  ['offline', 'Offline', 'no network', { online: false }],
  [
    'waiting',
    'No key',
    '',
    {
      link: {
        ...link,
        state: 'refused' as const,
        refusal: { code: 'revoked_key' as const, message: 'The key was revoked.', retry: false },
      },
    },
  ],
  ['waiting', 'Connecting', 'try 1', { link: { ...link, state: 'connecting' as const, attempt: 1 } }],
  [
    'reconnecting',
    'Reconnecting',
    'try 3 in 2 s',
    { link: { ...link, state: 'reconnecting' as const, attempt: 3, nextTryAt: 2_000 } },
  ],
])('%s', (glyph, word, rest, change) => {
  const said = linkLabels({ ...facts, ...change });
  expect(said).toMatchObject({ glyph, word, rest });
  expect(said.explained).toMatch(/^[A-Z].*\.$/);
  expect(said.short.length).toBeLessThanOrEqual(Math.max(rest.length, 1));
});
