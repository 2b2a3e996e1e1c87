import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './source-files.ts';

/** Runs a tool of the packages on this very Node; a non-zero exit is one problem: what the tool printed. */
export function runTool(script: string, args: readonly string[]): Promise<{ problems: string[] }> {
  return new Promise((resolve) => {
    const file = join(ROOT, 'node_modules', script);
    const options = { cwd: ROOT, maxBuffer: 64e6, env: { ...process.env, NO_COLOR: '1' } };
    execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) => {
      const text = `${stdout}${stderr}`.trim();
      resolve({ problems: error === null ? [] : [text === '' ? error.message : text] });
    });
  });
}
