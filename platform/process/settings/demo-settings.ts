import { type SettingSpec, secret, text } from './setting-spec.ts';

/** The demo's traffic as a process of its own. */
export const DEMO_SETTINGS = {
  url: text(
    'MILLRACE_DEMO_URL',
    'http://127.0.0.1:8080',
    'Address of the Millrace to which the demo process (`embedded/demo/main.ts`) sends its traffic.',
  ),
  key: secret(
    'MILLRACE_KEY',
    'Key that the demo process uses. It needs the scope admin, because it defines metrics and a board.',
  ),
} as const satisfies Record<string, SettingSpec>;
