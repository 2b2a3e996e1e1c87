import { afterAll, expect, it } from 'vitest';
import { ATTACKS } from './all-attacks.ts';
import type { Figures } from './figures.ts';
import { judge } from './judge-attack.ts';
import { runAttack } from './run-attack.ts';
import { tabulate } from './tabulate.ts';

/** All variants of each attack, and more of each. */
const LONG = process.env.HOSTILE === 'long';
/** ms of the process's CPU for what prepares an attack, and for the attack. */
const LIMIT = LONG ? 300_000 : 120_000;
const measured: Figures[] = [];

it.each(ATTACKS.map((attack) => [attack.name, attack] as const))(
  '%s: the honest client notices nothing; the process keeps running, stops and starts again',
  async (_, attack) => {
    const figures = await runAttack(attack, { long: LONG, limit: LIMIT });
    measured.push(figures);
    const problems = judge(figures);
    expect(problems, `${attack.what}\n${JSON.stringify(figures, null, 2)}`).toEqual([]);
  },
);

afterAll(() => {
  for (const row of tabulate(measured)) console.log(JSON.stringify(row));
});
