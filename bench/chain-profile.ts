import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rounded } from './median-of.ts';

interface Frame {
  functionName: string;
  url: string;
  lineNumber: number;
}

interface Profile {
  nodes: { id: number; callFrame: Frame }[];
  samples: number[];
  timeDeltas: number[];
}

const ROOT = join(import.meta.dirname, '..');

export interface Shares {
  /** By folder of the source, garbage collection and native work apart. */
  parts: Record<string, number>;
  /** The functions with the most time of their own. */
  functions: Record<string, number>;
}

/** Where the main thread's time went in a span of ms since its start: shares of the time that it was not idle. */
export function readProfile(folder: string, span: { from: number; to: number }, top: number): Shares {
  const file = readdirSync(folder).find((name) => name.endsWith('.0.001.cpuprofile'));
  if (file === undefined) throw new Error(`No profile of the main thread in ${folder}.`);
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const parts = new Map<string, number>();
  let at = 0;
  let busy = 0;
  for (const [i, id] of samples.entries()) {
    const delta = timeDeltas[i]!;
    at += delta;
    const frame = frames.get(id)!;
    if (at < span.from * 1_000 || at > span.to * 1_000) continue;
    if (frame.functionName === '(idle)' || frame.functionName === '(root)') continue;
    busy += delta;
    const path = pathOf(frame);
    add(functions, nameOf(frame, path), delta);
    add(parts, partOf(frame, path), delta);
  }
  return { parts: sharesOf(parts, busy, top), functions: sharesOf(functions, busy, top) };
}

const add = (times: Map<string, number>, name: string, time: number): void => {
  times.set(name, (times.get(name) ?? 0) + time);
};

const sharesOf = (times: Map<string, number>, busy: number, top: number): Record<string, number> =>
  Object.fromEntries(
    [...times]
      .sort(([, a], [, b]) => b - a)
      .slice(0, top)
      .map(([name, time]) => [name, rounded(time / busy, 3)]),
  );

const pathOf = ({ url }: Frame): string =>
  url.startsWith('file:') ? relative(ROOT, fileURLToPath(url)) : url;

const nameOf = ({ functionName, lineNumber }: Frame, path: string): string => {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return path === '' ? name : `${name} ${path}:${lineNumber + 1}`;
};

/** The folder, two deep for platform and packages; what has no source is named by its function. */
function partOf({ functionName }: Frame, path: string): string {
  if (path === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (path.startsWith('node:')) return 'node';
  const deep = path.startsWith('platform/') || path.startsWith('node_modules/') ? 2 : 1;
  return path.split('/').slice(0, deep).join('/');
}
