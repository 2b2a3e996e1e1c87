import { eventually } from '../testing/eventually.ts';
import { containersOf, inspect, type Service, URL_OF_STACK } from './compose.ts';

const STATE = '{{.Name}} {{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}';

/** Resolves with the ms that it took until every container of these services is healthy and the proxy lets through. */
export async function awaitHealthy(...services: readonly Service[]): Promise<number> {
  const began = Date.now();
  const states = async (): Promise<string[]> =>
    Promise.all((await containersOf(...services)).map((id) => inspect(id, STATE)));
  await eventually(
    states,
    (all) =>
      all.length > 0 && all.every((state) => /(healthy|running)$/.test(state) && !/unhealthy$/.test(state)),
    180_000,
  );
  await eventually(
    async () => (await fetch(`${URL_OF_STACK}/ready`)).status,
    (status) => status === 200,
    60_000,
  );
  return Date.now() - began;
}
