import type { Sent, Side } from './fan-out-side.ts';
import { median, rounded } from './median-of.ts';

interface Rounds {
  /** ms between two frames, asked of both. */
  every: number;
  rounds: number;
  seconds: number;
}

/** Measures two servers in turn while the other one is halted; medians, and the median of each round's ratios. */
export async function compareSides(gateway: Side, plain: Side, { every, rounds, seconds }: Rounds) {
  const sent: Record<'gateway' | 'plain', Sent[]> = { gateway: [], plain: [] };
  gateway.halt();
  plain.halt();
  for (let round = 0; round < rounds; round++) {
    for (const side of [plain, gateway]) {
      await side.goOn();
      sent[side === plain ? 'plain' : 'gateway'].push(await side.send(every, seconds));
      side.halt();
    }
  }
  await gateway.goOn();
  await plain.goOn();
  const ratio = (of: (one: Sent) => number): number =>
    rounded(median(sent.gateway.map((one, i) => of(one) / of(sent.plain[i]!))));
  return {
    gateway: middle(sent.gateway),
    plain: middle(sent.plain),
    // Above 1 the gateway is the better one.
    rateRatio: ratio((one) => one.framesPerSecond),
    cpuRatio: ratio((one) => 1 / one.cpuMicrosPerFrame),
    delayRatio: ratio((one) => 1 / Math.max(1, one.delayP99Ms)),
  };
}

const middle = (sent: readonly Sent[]): Sent => ({
  framesPerSecond: Math.round(median(sent.map((one) => one.framesPerSecond))),
  cpuMicrosPerFrame: rounded(median(sent.map((one) => one.cpuMicrosPerFrame)), 1),
  delayP99Ms: rounded(median(sent.map((one) => one.delayP99Ms)), 1),
  delayMaxMs: rounded(median(sent.map((one) => one.delayMaxMs)), 1),
  loadCpu: rounded(median(sent.map((one) => one.loadCpu))),
  frameBytes: Math.round(median(sent.map((one) => one.frameBytes))),
});
