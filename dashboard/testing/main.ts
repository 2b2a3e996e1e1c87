import '../src/styles/fonts.css';
import '../src/styles/tokens.css';
import '../src/styles/base.css';
import { mount } from 'svelte';
import { createPageKey } from '../src/app/page-key.ts';
import App from '../src/app.svelte';
import { createFakeApi } from './fake-api.ts';
import { createFakeClient } from './fake-client.ts';

/** `?fake=stale` and so on show one state; see FakeMode. */
const mode = new URLSearchParams(location.search).get('fake') ?? 'live';
mount(App, {
  target: document.getElementById('app')!,
  props: { client: createFakeClient(mode), api: createFakeApi(mode), pageKey: createPageKey() },
});
