import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../tests/testing/free-port.ts';
import { brokerProperties } from './broker-properties.ts';
import { resolveJars } from './jars.ts';

/** A Kafka broker on loopback, a process of its own. */
export interface Broker {
  /** host:port, as MILLRACE_KAFKA_BROKERS takes it. */
  brokers: string;
  /** As a power cut to the process: nothing is closed, what the system holds stays. Resolves when it is gone. */
  kill9(): Promise<void>;
  /** Halts it (SIGSTOP); its sockets stay open. */
  pause(): void;
  resume(): void;
  /** Starts it again at the same address on the same data; after `kill9`, or ending what still runs. */
  restart(): Promise<void>;
  /** Ends it, and removes the data folder where it made one itself. Idempotent. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  /** Where its data lives; a folder that is removed at the end when absent. */
  folder?: string;
  /** Port for clients; a free one when absent. */
  port?: number;
  /** Called as soon as a process is started, so that the guard of a run can end it. */
  started?(pid: number): void;
}

/** Restart after a kill takes 10 to 14 s on a quiet machine. */
const READY_WITHIN = 120_000;
const HEAP = ['-Xms256m', '-Xmx512m'];
const LOG_LINES = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';

/** Fetches, formats and starts a broker; resolves when it serves. Rejects with one line that says what is missing. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const jars = await resolveJars();
  const own = options.folder === undefined ? await mkdtemp(join(tmpdir(), 'millrace-kafka-')) : null;
  const folder = options.folder ?? own!;
  const ports = { client: options.port ?? (await freePort()), controller: await freePort() };
  const classpath = join(jars, '*');
  await prepareFolder(folder, ports, classpath);

  const start = () => launch(folder, classpath, ports.client, options.started);
  let child: ChildProcess | null = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill('SIGCONT');
    ending.kill(signal);
    await gone;
  };
  return {
    brokers: `127.0.0.1:${ports.client}`,
    kill9: () => end('SIGKILL'),
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async restart() {
      await end('SIGTERM');
      child = await start();
    },
    async close() {
      await end(own === null ? 'SIGTERM' : 'SIGKILL');
      if (own !== null) await rm(own, { recursive: true, force: true });
    },
  };
}

async function prepareFolder(
  folder: string,
  ports: { client: number; controller: number },
  classpath: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'server.properties');
  await writeFile(config, brokerProperties(join(folder, 'data'), ports));
  // A leading hyphen would be read as an option.
  const cluster = `m${randomBytes(16).toString('base64url').slice(1)}`;
  const args = ['format', '--ignore-formatted', '-t', cluster, '-c', config];
  const java = ['-Xmx128m', '-XX:TieredStopAtLevel=1', LOG_LINES, '-cp', classpath];
  await promisify(execFile)('java', [...java, 'kafka.tools.StorageTool', ...args]);
}

async function launch(
  folder: string,
  classpath: string,
  port: number,
  started?: (pid: number) => void,
): Promise<ChildProcess> {
  const output = createWriteStream(join(folder, 'broker.log'), { flags: 'a' });
  await once(output, 'open');
  const args = [...HEAP, LOG_LINES, '-cp', classpath, 'kafka.Kafka', join(folder, 'server.properties')];
  const child = spawn('java', args, { stdio: ['ignore', output, output] });
  if (child.pid !== undefined) started?.(child.pid);
  // A test that ends without closing must leave no broker behind.
  const orphan = (): void => void child.kill('SIGKILL');
  process.once('exit', orphan);
  child.once('exit', () => {
    process.removeListener('exit', orphan);
    output.close();
  });
  const deadline = Date.now() + READY_WITHIN;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      const log = await readFile(join(folder, 'broker.log'), 'utf8');
      throw new Error(`The broker did not start: ${log.split('\n').slice(-8).join('\n')}`);
    }
    await wait(100);
  }
  return child;
}

/** The broker opens its port for clients last, when it can serve. */
const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
