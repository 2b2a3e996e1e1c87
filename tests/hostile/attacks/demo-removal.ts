import type { Attack, Stage } from '../attack.ts';
import { HALF_OPEN } from './half-open.ts';

const WITHIN = 90_000;

async function until(passes: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + WITHIN;
  while (!(await passes()) && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 200));
}

/** Asks for the removal and waits until the process serves again, where it takes place. */
async function removeDemo({ attacker }: Stage): Promise<number> {
  const { status } = await attacker.send({ method: 'DELETE', path: '/v1/demo' });
  if (status !== 202) return status;
  await new Promise((resolve) => setTimeout(resolve, 500));
  await until(async () => (await attacker.send({ path: '/ready' })).status === 200);
  return status;
}

/** Removing the demo deletes only what belongs to it, or is refused; and it waits for no connection. */
export const demoRemoval: Attack = {
  name: 'demo removal',
  what: 'removal of the demo while there are keys and half-open connections',
  keyed: true,
  alone: true,
  async run(stage) {
    const { attacker } = stage;
    const made = await attacker.sendJson('POST', '/v1/keys', { name: 'kept', scope: 'read' });
    const { id, key } = JSON.parse(made.text) as { id: string; key: string };
    await attacker.send({ method: 'POST', path: '/v1/demo' });
    await until(async () => /"phase":"live"/.test((await attacker.send({ path: '/v1/demo' })).text));
    for (const first of Object.values(HALF_OPEN)) attacker.dial(first);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const first = await removeDemo(stage);
    stage.note('removal with a key', first);
    const read = await attacker.send({ path: '/v1/metrics', headers: { authorization: `Bearer ${key}` } });
    if (read.status !== 200)
      stage.fault(`A key made before the demo was removed is answered ${read.status}.`);
    if (first === 202) return;
    await attacker.send({ method: 'DELETE', path: `/v1/keys/${id}` });
    const begun = performance.now();
    stage.note('removal without keys', await removeDemo(stage));
    stage.note('ready again, ms', Math.round(performance.now() - begun));
    const { status } = await attacker.send({ path: '/v1/boards/storefront' });
    if (status !== 404) stage.fault(`The board of the demo is answered ${status} after its removal.`);
  },
};
