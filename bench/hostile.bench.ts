/**
 * What an attack costs a quiet client: event to pixel of a board in a headless Chromium on the real process with its
 * default settings, first quiet, then under each attack of hostile-attacks.ts, which comes from other addresses; and the
 * memory of the process. `node bench/hostile.bench.ts [seconds a phase]` writes results/hostile.json.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@playwright/test';
import { openBrowser } from '../tests/e2e/chromium.ts';
import { eventually } from '../tests/testing/eventually.ts';
import { freePort } from '../tests/testing/free-port.ts';
import { startHelper } from '../tests/testing/helper-process.ts';
import { type MillraceProcess, startMillrace } from '../tests/testing/millrace-process.ts';
import { buildWhatIsOld } from '../tools/run/build-parts.mjs';
import { startClicks } from './bench-traffic.ts';
import { readCpu } from './chain-figures.ts';
import { defineAll } from './define-all.ts';
import type { AttackOrder, AttackReport } from './hostile-attacks.ts';
import { SMOKE, scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const SECONDS = Number(process.argv[2] ?? scaled(20, 1));
const ONLY = process.argv[3];
const CLICKS_PER_SECOND = 20;
/** s of an attack before the first event that is measured, and quiet after it, for what it leaves to be over. */
const LEAD = scaled(3, 1);
const REST = scaled(3, 0);
const ATTACKS = ['slow-loris', 'oversize', 'flood', 'handshake flood'] as const;
/** Twice, so that memory which an attack leaves behind for good would show. */
const AGAIN = ['quiet again', ...ATTACKS, 'quiet again'] as const;
const PHASES = ['quiet', ...ATTACKS, ...(SMOKE === null ? AGAIN : [])] as const;
/** The promise: no attack takes more than this times the quiet value. */
const PROMISED = 2;

const DEFINITIONS = {
  'metrics/clicks': { event: 'click', aggregate: 'count', window: '1s' },
  'boards/clicks': {
    title: 'Clicks',
    panels: [
      {
        id: 'clicks',
        kind: 'line',
        title: 'Clicks',
        place: { x: 0, y: 0, w: 6, h: 3 },
        view: { metric: 'clicks' },
      },
    ],
  },
};
const DELAYS = /p50 ([\d.]+) (m?s) {2}p99 ([\d.]+) (m?s)/;

/** A page that has drawn something and measured nothing yet; then what its status bar says, in ms. */
async function openPage(browser: Browser, address: string) {
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
  await page.goto(address);
  await page.locator('[data-link="live"]').first().waitFor();
  await sleep(1_000);
  return {
    async read() {
      const found = await eventually(
        async () => DELAYS.exec((await page.locator('[data-status="event-to-pixel"]').textContent()) ?? ''),
        (delays) => delays !== null,
      );
      const ms = (value: string, unit: string): number => Number(value) * (unit === 's' ? 1_000 : 1);
      return { p50: ms(found![1]!, found![2]!), p99: ms(found![3]!, found![4]!) };
    },
    close: () => page.close(),
  };
}

const memory = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024);

/** The most that the process held, looked at ten times a second. */
function watchMemory(pid: number) {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, memory(pid));
  }, 100);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

const tell = ({ connections, ended, megabytes, answers }: AttackReport): string =>
  `${connections} connections, ${ended} of them over; ${megabytes} MB; first answers: ${JSON.stringify(answers)}`;

async function measure(browser: Browser, { url, pid }: MillraceProcess, phase: (typeof PHASES)[number]) {
  const page = await openPage(browser, `${url}/boards/clicks`);
  const attackers = startHelper(new URL('./hostile-attacks.ts', import.meta.url));
  const before = memory(pid);
  const stopWatching = watchMemory(pid);
  const cpu = readCpu(pid).all;
  const began = performance.now();
  const isAttack = phase !== 'quiet' && phase !== 'quiet again';
  const order = { attack: phase, port: Number(new URL(url).port), seconds: LEAD + SECONDS };
  const attacking = isAttack ? attackers.ask<AttackReport>(order as AttackOrder) : Promise.resolve(null);
  await sleep(LEAD * 1_000);
  const clicks = startClicks(url, CLICKS_PER_SECOND);
  await sleep(SECONDS * 1_000);
  const eventToPixel = await page.read();
  const answers = (await clicks.stop()).summary();
  const report = await attacking;
  const share = (readCpu(pid).all - cpu) / (performance.now() - began);
  const peak = stopWatching();
  await page.close();
  await attackers.close();
  await sleep(REST * 1_000);
  return {
    phase,
    eventToPixelMs: eventToPixel,
    postMs: { count: answers.count, p50: answers.p50, p99: answers.p99 },
    memoryMB: { before, peak, after: memory(pid) },
    cpu: { millrace: Math.round(share * 100) / 100, attackers: report?.cpu ?? 0 },
    attack: report === null ? '' : tell(report),
  };
}

await buildWhatIsOld();
const data = await mkdtemp(join(tmpdir(), 'millrace-hostile-'));
const millrace = await startMillrace({ data, port: await freePort() });
const browser = await openBrowser();
try {
  await defineAll(millrace.url, DEFINITIONS);
  const warm = startClicks(millrace.url, CLICKS_PER_SECOND);
  await sleep(LEAD * 1_000);
  await warm.stop();
  const measured = [];
  for (const phase of PHASES) {
    if (ONLY !== undefined && phase !== 'quiet' && phase !== ONLY) continue;
    measured.push(await measure(browser, millrace, phase));
    console.log(JSON.stringify(measured.at(-1)));
  }
  const quiet = measured[0]!.eventToPixelMs;
  const times = (ms: number, of: number): number => Math.round((ms / of) * 100) / 100;
  const rows = measured.map((row) => ({
    ...row,
    timesQuiet: {
      p50: times(row.eventToPixelMs.p50, quiet.p50),
      p99: times(row.eventToPixelMs.p99, quiet.p99),
    },
  }));
  await writeResult({
    name: 'hostile',
    what: `Event to pixel of a quiet client under attacks from other addresses, beside its quiet value: at most ${PROMISED} times of it. Memory of the process.`,
    command: 'node bench/hostile.bench.ts',
    conditions: {
      profile: 'embedded: one process, LMDB and chDB, default settings',
      browser: `Chromium ${browser.version()}, headless, no GPU`,
      sharing: 'server, browser, attackers and this process share the cores; `cpu` is the share of one core',
      secondsAPhase: SECONDS,
      clicksPerSecond: CLICKS_PER_SECOND,
    },
    rows,
  });
} catch (error) {
  console.error(error, millrace.output());
  throw error;
} finally {
  await browser.close();
  await millrace.stop();
  await rm(data, { recursive: true, force: true });
}
