import { containersOf, docker, inspect, REPLICATED } from './compose.ts';

/** Of which users the processes are, what they may write, and what they take. */
export async function checkContainers(): Promise<string[]> {
  const lines: string[] = [];
  for (const service of REPLICATED) {
    const ids = await containersOf(service);
    if (ids.length !== 2)
      throw new Error(`${service}: two replicas were asked for, there are ${ids.length}.`);
    for (const id of ids) await checkOwn(service, id);
  }
  lines.push(
    'ingest, aggregator, gateway: two of each, not root, read-only root, no shell, no new privileges',
  );
  const others = await Promise.all((await containersOf()).map(describeUser));
  lines.push(`users: ${[...new Set(others)].sort().join(', ')}`);
  const stats = await docker(
    'stats',
    '--no-stream',
    '--format',
    '{{.Name}}\t{{.MemUsage}}',
    ...(await containersOf()),
  );
  const rows = stats.split('\n').map((line) => line.split('\t') as [string, string]);
  const used = rows.map(([, usage]) => mebibytes(usage.split(' / ')[0]!)).reduce((sum, mb) => sum + mb, 0);
  lines.push(...rows.map(([name, usage]) => `  ${name}: ${usage}`));
  lines.push(`memory of all: ${used.toFixed(0)} MiB`);
  const size = Number(await docker('image', 'inspect', '--format', '{{.Size}}', 'millrace:local'));
  lines.push(`image: ${mega(size)} MB`);
  return lines;
}

async function checkOwn(service: string, id: string): Promise<void> {
  const uid = await docker('exec', id, 'node', '-p', 'process.getuid()');
  if (uid === '0') throw new Error(`${service} runs as root.`);
  if ((await inspect(id, '{{.HostConfig.ReadonlyRootfs}}')) !== 'true')
    throw new Error(`${service}: the root can be written.`);
  const shell = await refusalOf(docker('exec', id, 'sh', '-c', 'true'));
  if (!shell?.includes('not found')) throw new Error(`${service}: a shell answered: ${shell}`);
  const write = "fs.writeFileSync('/millrace/x', '')";
  const refusal = await refusalOf(docker('exec', id, 'node', '-e', write));
  if (!refusal?.includes('EROFS')) throw new Error(`${service}: its files could be written: ${refusal}`);
}

/** Null where it was done. */
const refusalOf = (doing: Promise<unknown>): Promise<string | null> =>
  doing.then(
    () => null,
    // The engine says on standard output why it could not begin.
    (error: Error & { stdout?: string }) => `${error.message}${error.stdout ?? ''}`,
  );

const describeUser = async (id: string): Promise<string> => {
  const service = await inspect(id, '{{index .Config.Labels "com.docker.compose.service"}}');
  const [user] = (await docker('top', id, '-o', 'pid,uid')).split('\n').slice(1);
  return `${service} ${user?.trim().split(/\s+/)[1]}`;
};

const mega = (bytes: number): string => (bytes / 1e6).toFixed(0);

function mebibytes(text: string): number {
  const [, number, unit] = /^([\d.]+)(KiB|MiB|GiB)$/.exec(text) ?? [];
  const factor = { KiB: 1 / 1_024, MiB: 1, GiB: 1_024 }[unit ?? ''];
  if (factor === undefined) throw new Error(`"${text}" is no amount of memory.`);
  return Number(number) * factor;
}
