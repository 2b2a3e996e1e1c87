import { type SettingSpec, secret, text } from './setting-spec.ts';

/** The demo's traffic as a process of its own. */
export const DEMO_SETTINGS = {
  url: text({
    env: 'MILLRACE_DEMO_URL',
    default: 'http://127.0.0.1:8080',
    help: 'Address of the Millrace to which the demo process (`embedded/demo/main.ts`) sends its traffic.',
  }),
  key: secret({
    env: 'MILLRACE_KEY',
    help: 'Key that the demo process uses. It needs the scope admin, because it defines metrics and a board.',
  }),
} as const satisfies Record<string, SettingSpec>;
