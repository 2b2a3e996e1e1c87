import { closeSync, openSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';

/** Where the process that works in a data folder listens; the rights of the folder and of the socket are those of its user alone. */
export const CONTROL_FILE = 'control.sock';
/** What the address of a socket may take, bytes; on macOS, which has the smaller one. */
const MOST = 100;

/** A name by which the socket can be reached, however long the path of the folder is. */
export interface ControlPath {
  path: string;
  /** When it is bound or connected. */
  close(): void;
}

export function controlPath(data: string): ControlPath {
  const whole = join(resolve(data), CONTROL_FILE);
  const near = relative(process.cwd(), whole);
  const path = near.length < whole.length ? near : whole;
  if (Buffer.byteLength(path) <= MOST || process.platform !== 'linux') return { path, close: () => {} };
  const folder = openSync(data, 'r');
  return { path: `/proc/self/fd/${folder}/${CONTROL_FILE}`, close: () => closeSync(folder) };
}
