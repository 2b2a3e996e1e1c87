import { clock, LEAD } from './freeze.ts';
import '../../src/styles/fonts.css';
import '../../src/styles/tokens.css';
import '../../src/styles/base.css';
import { flushSync, mount } from 'svelte';
import { createPageKey } from '../../src/app/page-key.ts';
import { createSession, type Session } from '../../src/app/session.svelte.ts';
import { createColorSlots } from '../../src/charts/ink/color-slots.ts';
import LinkState from '../../src/frame/link-state.svelte';
import PanelFrame from '../../src/panels/frame/panel-frame.svelte';
import { createFakeApi } from '../fake-api.ts';
import { createFakeClient } from '../fake-client.ts';
import type { Scene } from './scene.ts';
import { CHAPTERS } from './scenes.ts';

/** When the reader acts, ms after the panels began. */
const ACTS_AT = 6_000;
/** The first frame measures the sizes, the second draws, and the third draws what the second has made known. */
const FRAMES = 3;
/** How long before the moment the link of some is lost: less than makes them stale. */
const LATE = 3_500;
const narrow = innerWidth <= 640;
const address = location.href;
const only = new URLSearchParams(location.search).get('only')?.split(',');

await Promise.all([...document.fonts].map((font) => font.load()));
const gallery = document.getElementById('gallery')!;
const shown: { scene: Scene; session: Session }[] = [];
const late: (() => void)[] = [];
for (const { title, scenes } of CHAPTERS) {
  const wanted = scenes.filter(({ id }) => only?.includes(id) ?? true);
  if (wanted.length > 0) gallery.append(element('h2', title));
  for (const scene of wanted) {
    const box = addSpecimen(scene);
    if (scene.mode === 'reconnecting') late.push(() => show(scene, box));
    else shown.push({ scene, session: show(scene, box) });
  }
}
await advance(ACTS_AT);
for (const { scene, session } of shown) {
  scene.act?.(session);
  // Each session writes its state into the one address; the next must not read it.
  history.replaceState(null, '', address);
}
await advance(LEAD - ACTS_AT - LATE);
for (const begin of late) begin();
await advance(LATE);
document.documentElement.dataset.ready = '';

async function advance(ms: number): Promise<void> {
  flushSync();
  clock.advance(ms, flushSync);
  for (let frame = 0; frame < FRAMES; frame++) await clock.drawFrame();
}

function addSpecimen(scene: Scene): HTMLElement {
  const box = document.createElement('div');
  const caption = element('p', '');
  caption.append(element('b', scene.id), scene.caption);
  const specimen = document.createElement('section');
  specimen.className = `specimen ${scene.panel === null ? 'link' : scene.panel.kind === 'stat' ? 'low' : ''}`;
  specimen.append(caption, box);
  box.dataset.scene = scene.id;
  gallery.append(specimen);
  return box;
}

function show(scene: Scene, box: HTMLElement): Session {
  const client = createFakeClient(scene.mode);
  Object.assign(client.connection, scene.link);
  const session = createSession(client, createFakeApi(scene.mode), createPageKey());
  const { panel } = scene;
  if (panel === null) showLink(scene, session, box);
  else
    mount(PanelFrame, {
      target: box,
      props: { session, slots: createColorSlots(), panel, phone: narrow, last: true, foot: true },
    });
  return session;
}

function showLink(scene: Scene, session: Session, target: HTMLElement): void {
  // The age of the link is that of the views that the page shows.
  if (scene.link === undefined) session.client.subscribe({ metric: 'orders' }, { onChange: () => {} });
  Object.defineProperty(navigator, 'onLine', { value: scene.offline !== true, configurable: true });
  mount(LinkState, { target, props: { session, timed: true, short: false } });
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
