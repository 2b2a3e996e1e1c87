import { AGGREGATOR_SETTINGS } from './settings/aggregator-settings.ts';
import { DEMO_SETTINGS } from './settings/demo-settings.ts';
import { GATEWAY_SETTINGS } from './settings/gateway-settings.ts';
import { HTTP_SETTINGS } from './settings/http-settings.ts';
import { INGEST_SETTINGS } from './settings/ingest-settings.ts';
import { KAFKA_SETTINGS } from './settings/kafka-settings.ts';
import { LIMIT_SETTINGS } from './settings/limit-settings.ts';
import { LOG_SETTINGS } from './settings/log-settings.ts';
import { PROCESS_SETTINGS } from './settings/process-settings.ts';
import type { SettingSpec } from './settings/setting-spec.ts';
import { STORE_SETTINGS } from './settings/store-settings.ts';

/**
 * Every setting of Millrace: one table of slices, defaults inside. Each part receives its own slice and nothing else;
 * docs/CONFIG.md is generated from here. Only `main.ts` files read the environment, through `config.ts`.
 */
export const SETTINGS = {
  http: HTTP_SETTINGS,
  limits: LIMIT_SETTINGS,
  process: PROCESS_SETTINGS,
  log: LOG_SETTINGS,
  kafka: KAFKA_SETTINGS,
  store: STORE_SETTINGS,
  ingest: INGEST_SETTINGS,
  aggregator: AGGREGATOR_SETTINGS,
  gateway: GATEWAY_SETTINGS,
  demo: DEMO_SETTINGS,
} as const satisfies Record<string, Record<string, SettingSpec>>;

type Slice<S> = { readonly [K in keyof S]: S[K] extends SettingSpec<infer T> ? T : never };
export type Settings = { readonly [P in keyof typeof SETTINGS]: Slice<(typeof SETTINGS)[P]> };
