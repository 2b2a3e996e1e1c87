import { expect } from 'vitest';
import { HOSTILE, LONG, TEXTS } from './hostile-texts.ts';

const DIMENSION = HOSTILE.image!;
const SECOND = HOSTILE.template!;
/** Every JavaScript object has a property of this name. */
const THIRD = 'constructor';
const UNIT = '<i>u</i>{{1}}\u202E';

/** The names in thirds: a chart draws at most six names beside others. */
const thirds = [0, 1, 2].map((i) => [...TEXTS, LONG].filter((_, n) => n % 3 === i));
const CHARTS = ['line', 'area', 'bars'] as const;

/** The titles of the board's panels, all of them hostile. */
export const titleOf = (i: number): string => `${TEXTS[i % TEXTS.length]} ${i}`;

const panelsOf = (): Record<string, unknown>[] => [
  { kind: 'stat', view: { metric: 'calm' } },
  { kind: 'top', limit: 100, view: { metric: 'hostile' } },
  { kind: 'table', limit: 100, view: { metric: 'hostile' } },
  { kind: 'tail' },
  ...CHARTS.flatMap((kind) =>
    thirds.map((names) => ({ kind, view: { metric: 'hostile', where: { [DIMENSION]: names } } })),
  ),
  // Nothing to see, in each of its ways.
  { kind: 'line', view: { metric: 'silent' } },
  { kind: 'line', view: { metric: `nothing/${HOSTILE.shell}` } },
  { kind: 'bars', view: { metric: 'hostile', where: { [DIMENSION]: `never ${HOSTILE.script}` } } },
  { kind: 'line', view: { metric: 'lost', where: { [THIRD]: 'never' } } },
  { kind: 'area', view: { metric: 'calm', where: { [HOSTILE.svg!]: 'x' } } },
  { kind: 'stat', view: { metric: HOSTILE.svg } },
];

/** Defines metrics and boards in which every text is hostile. */
export async function defineHostile(url: string): Promise<void> {
  const metric = { aggregate: 'count', window: '1s', unit: UNIT, title: HOSTILE.svg };
  await put(url, 'metrics/hostile', { ...metric, event: TEXTS, groupBy: [DIMENSION, SECOND] });
  await put(url, 'metrics/calm', { ...metric, event: '*' });
  await put(url, 'metrics/lost', { ...metric, event: '*', groupBy: [THIRD] });
  await put(url, 'metrics/silent', {
    ...metric,
    event: [`never ${HOSTILE.shell}`, `z${LONG.slice(0, 199)}`],
  });
  const panels = panelsOf().map((panel, i) => ({
    id: `p${i}`,
    title: titleOf(i),
    place: { x: (i % 2) * 6, y: Math.floor(i / 2) * 6, w: 6, h: 6 },
    ...panel,
  }));
  await put(url, 'boards/hostile', { title: HOSTILE.image, panels });
  for (const [i, title] of TEXTS.entries()) await put(url, `boards/b${i}`, { title });
}

/** One event of each name, each with hostile properties. */
export async function postHostile(url: string): Promise<void> {
  const values = [...TEXTS, LONG];
  const events = values.map((value, i) => ({
    event: TEXTS[i % TEXTS.length],
    properties: Object.fromEntries([
      [DIMENSION, value],
      [SECOND, HOSTILE.script],
      ['p', value.slice(0, 60)],
    ]),
  }));
  await send(url, events);
}

/** Posts events, which may be refused. */
export async function send(url: string, events: object[]): Promise<void> {
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', body: JSON.stringify(events) });
  expect([200, 400], await answer.text()).toContain(answer.status);
}

async function put(url: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
  expect(answer.ok, await answer.text()).toBe(true);
}
