import { eventually } from '../testing/eventually.ts';

const PORT = process.env.MILLRACE_PUBLISH_PROMETHEUS || 9090;
const TARGETS = `http://localhost:${PORT}/api/v1/targets?state=active`;

interface Targets {
  data: { activeTargets: { labels: { job: string; service?: string }; health: string; lastError: string }[] };
}

/** Prometheus finds every replica and the proxy. */
export async function checkScrapes(): Promise<string[]> {
  const { data } = await eventually(
    async () => (await (await fetch(TARGETS)).json()) as Targets,
    ({ data: { activeTargets } }) =>
      activeTargets.length === 7 && activeTargets.every((t) => t.health === 'up'),
    60_000,
  );
  const names = data.activeTargets.map(({ labels }) => labels.service ?? labels.job).sort();
  return [`Prometheus: ${names.length} targets up (${names.join(', ')})`];
}
