import { formatDuration } from '#contracts/text/duration.ts';
import type { SettingSpec } from './setting-spec.ts';
import { SETTINGS } from './settings.ts';

const HEAD = `# Settings

Every setting is an environment variable. The defaults are below. A process with an unknown \`MILLRACE_\` name or a value
outside its bounds does not start, and one message names every fault. Durations are written like \`500ms\`,
\`10s\`, \`5m\`, \`1h\` or \`30d\`, bytes as a whole number, flags as \`true\` or \`false\`.

This page is generated from \`platform/process/settings/settings.ts\`; a test compares the two.
`;

const TITLES: Record<keyof typeof SETTINGS, string> = {
  http: 'HTTP',
  limits: 'Limits of callers',
  process: 'Process',
  log: 'Log',
  kafka: 'Kafka',
  store: 'Store',
  ingest: 'Ingest',
  aggregator: 'Aggregator',
  gateway: 'Gateway',
  demo: 'Demo',
};

/** The whole text of docs/CONFIG.md. */
export function generateConfigDoc(): string {
  const parts = Object.entries(TITLES).map(([part, title]) => {
    const specs: SettingSpec[] = Object.values(SETTINGS[part as keyof typeof SETTINGS]);
    return [
      `## ${title}`,
      '',
      '| setting | default | allowed | what it does |',
      '|---|---|---|---|',
      ...specs.map(row),
      '',
    ];
  });
  return [HEAD, ...parts.flat()].join('\n');
}

const row = (spec: SettingSpec): string =>
  `| \`${spec.env}\` | ${code(written(spec, spec.default))} | ${allowed(spec)} | ${spec.help.replaceAll('|', '\\|')} |`;

function allowed(spec: SettingSpec): string {
  if (spec.kind === 'flag') return '`true`, `false`';
  if (spec.kind === 'secret') return spec.min === 0 ? 'text' : `text of ${spec.min} characters or more`;
  if (spec.kind === 'text') return spec.oneOf === undefined ? 'text' : spec.oneOf.map(code).join(', ');
  return `${written(spec, spec.min!)} to ${written(spec, spec.max!)}${spec.kind === 'bytes' ? ' bytes' : ''}`;
}

const written = (spec: SettingSpec, value: SettingSpec['default']): string =>
  spec.kind === 'duration' && value !== 0 ? formatDuration(value as number) : String(value);
const code = (text: string): string => (text === '' ? 'none' : `\`${text}\``);
