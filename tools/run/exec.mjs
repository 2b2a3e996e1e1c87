import { spawn } from 'node:child_process';
import { ROOT } from './root.mjs';

/** Runs a command in the project with its output shown; resolves with its exit code, 1 when it could not start. */
export function exec(command, args, env = {}, cwd = ROOT) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
