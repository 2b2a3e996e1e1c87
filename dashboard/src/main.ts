import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import { createClient } from '#client/index.ts';
import { createApi } from './app/api.ts';
import { createPageKey } from './app/page-key.ts';
import App from './app.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no element with the id "app".');
const pageKey = createPageKey();
const client = createClient({ key: pageKey.current });
mount(App, { target, props: { client, api: createApi(pageKey), pageKey } });
