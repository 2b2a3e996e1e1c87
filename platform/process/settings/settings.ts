import { AGGREGATOR_SETTINGS } from './aggregator-settings.ts';
import { DEMO_SETTINGS } from './demo-settings.ts';
import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import { HTTP_SETTINGS } from './http-settings.ts';
import { INGEST_SETTINGS } from './ingest-settings.ts';
import { KAFKA_SETTINGS } from './kafka-settings.ts';
import { LIMIT_SETTINGS } from './limit-settings.ts';
import { LOG_SETTINGS } from './log-settings.ts';
import { PROCESS_SETTINGS } from './process-settings.ts';
import type { SettingSpec } from './setting-spec.ts';
import { STORE_SETTINGS } from './store-settings.ts';

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
