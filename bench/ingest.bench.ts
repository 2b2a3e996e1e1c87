/**
 * Ingest beside a route that only reads the body, in one run: the server is one process, the load another.
 * `node bench/ingest.bench.ts [seconds a round]` prints ratios and writes results/ingest.json.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { scaled } from './smoke-scale.ts';
import { resultFile } from './write-result.ts';

interface Round {
  requests: number;
  seconds: number;
}

const SECONDS = Number(process.argv[2] ?? scaled(3, 0.3));
const ROUNDS = scaled(3, 1);
// Work of others on the machine: with a high load the figures say little.
const LOAD = Number(loadavg()[0]!.toFixed(1));
const BATCH = 500;
const CASES = [
  { name: 'ndjson x 500', events: BATCH, connections: 32 },
  { name: 'single', events: 1, connections: 128 },
];

function makeEvent(i: number): string {
  return JSON.stringify({
    event: ['checkout', 'page_view', 'signup'][i % 3],
    id: `018f6e2a-${String(i).padStart(12, '0')}`,
    timestamp: new Date().toISOString(),
    key: `u_${i % 5_000}`,
    properties: {
      country: ['DE', 'FR', 'US'][i % 3],
      plan: 'pro',
      amount: i / 100,
      latency_ms: (i % 997) / 10,
    },
  });
}

function makeBodies(events: number): Buffer[] {
  return Array.from({ length: 200 }, (_, b) =>
    Buffer.from(Array.from({ length: events }, (_, i) => makeEvent(b * events + i)).join('\n')),
  );
}

async function post(url: string, agent: Agent, body: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const headers = { 'content-type': 'application/x-ndjson', 'content-length': body.length };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${url} answered ${response.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function load(url: string, bodies: Buffer[], connections: number): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const started = performance.now();
  const until = started + SECONDS * 1_000;
  let requests = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) await post(url, agent, bodies[requests++ % bodies.length]!);
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  return { requests, seconds: (performance.now() - started) / 1_000 };
}

const readCpu = async (address: string): Promise<number> =>
  Number(await (await fetch(`${address}/cpu`)).text());

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function measure(address: string, { name, events, connections }: (typeof CASES)[number]) {
  const bodies = makeBodies(events);
  const rates = { empty: [] as number[], ingest: [] as number[] };
  const cpu = { empty: [] as number[], ingest: [] as number[] };
  // Alternating, so that a noisy minute hits both.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [target, path] of [
      ['empty', '/empty'],
      ['ingest', '/v1/events'],
    ] as const) {
      const before = await readCpu(address);
      const { requests, seconds } = await load(`${address}${path}`, bodies, connections);
      const used = (await readCpu(address)) - before;
      // The first round warms up.
      if (round === 0) continue;
      rates[target].push((requests * events) / seconds);
      cpu[target].push(used / (requests * events));
    }
  }
  const [empty, ingest] = [median(rates.empty), median(rates.ingest)];
  const ratio = median(rates.ingest.map((rate, i) => rate / rates.empty[i]!));
  const cpuRatio = median(cpu.ingest.map((used, i) => cpu.empty[i]! / used));
  console.log(
    `${name}: empty route ${Math.round(empty)} events/s, ingest ${Math.round(ingest)} events/s, ratio ${ratio.toFixed(2)}, by CPU of the server's thread ${cpuRatio.toFixed(2)}`,
  );
  return {
    case: name,
    eventBytes: Math.round(bodies[0]!.length / events),
    emptyRoute: Math.round(empty),
    ingest: Math.round(ingest),
    ratio: Number(ratio.toFixed(3)),
    // The same share by the CPU time of the server's main thread.
    cpuRatio: Number(cpuRatio.toFixed(3)),
    cpuMicrosecondsPerEvent: Number(median(cpu.ingest).toFixed(3)),
  };
}

const server = spawn(process.execPath, [fileURLToPath(new URL('./ingest-server.ts', import.meta.url))], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const address = await new Promise<string>((resolve, reject) => {
    server.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
  });
  const results = [];
  for (const one of CASES) results.push(await measure(address, one));
  const cpu = cpus();
  const machine = { cpu: cpu[0]?.model, cores: cpu.length, loadAtStart: LOAD, node: process.version };
  writeFileSync(
    await resultFile('ingest'),
    `${JSON.stringify({ at: new Date().toISOString(), machine, rounds: ROUNDS, secondsARound: SECONDS, log: 'lmdb', results }, null, 2)}\n`,
  );
} finally {
  server.kill('SIGTERM');
}
