import { METRICS } from '#platform/process/reporting/metric-names.ts';

const HEAD = `# Metrics

Every process answers \`GET /metrics\` in the Prometheus text format: the names below and the usual figures of a Node
process. Counters count since the start of the process; histograms are in seconds. Generated from
\`platform/process/reporting/metric-names.ts\` by \`npm run docs\`; a check compares the two.

| name | type | labels | what it says |
|---|---|---|---|
`;

/** The text of docs/METRICS.md. */
export function generateMetricsDoc(): string {
  const rows = Object.entries(METRICS).map(
    ([name, { type, labels, help }]) => `| \`${name}\` | ${type} | ${labels.join(', ') || '-'} | ${help} |\n`,
  );
  return HEAD + rows.join('');
}
