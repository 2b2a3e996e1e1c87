import '../../dashboard/src/styles/fonts.css';
import '../../dashboard/src/styles/tokens.css';
import '../../dashboard/src/styles/base.css';
import { mount } from 'svelte';
import { createPageKey } from '../../dashboard/src/app/page-key.ts';
import App from '../../dashboard/src/app.svelte';
import { createFakeApi } from '../../dashboard/testing/fake-api.ts';
import { BOARD, createMeteredClient } from './page-data.ts';
import { createMeter, type Meter } from './page-meter.ts';
import { type Place, showCharts } from './stock-charts.ts';

declare global {
  var meter: Meter;
  /** Canvases of the page that is compared with, set before this runs. */
  var places: Place[] | undefined;
}

/** `?variant=` millrace, stock, tuned; any other is an empty page. */
const variant = new URLSearchParams(location.search).get('variant');
const app = document.getElementById('app')!;
globalThis.meter = createMeter();
if (variant === 'millrace') {
  const api = { ...createFakeApi('live'), board: async () => BOARD };
  mount(App, { target: app, props: { client: createMeteredClient(meter), api, pageKey: createPageKey() } });
} else if (variant === 'stock' || variant === 'tuned') {
  showCharts(app, createMeteredClient(meter), places!, variant === 'tuned');
}
