// `npm start`: plain JavaScript without dependencies, since it runs before anything is installed and on Node 20.
// package.json starts it by `exec`: the shell that npm starts would be ended by Ctrl-C and hide the exit code.
import { spawn } from 'node:child_process';
import { buildWhatIsOld } from './run/build-parts.mjs';
import { installWhatIsMissing, millraceNode } from './run/install.mjs';
import { ROOT } from './run/root.mjs';

try {
  await installWhatIsMissing();
  await buildWhatIsOld();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

// The channel tells the server when this process is gone, however it ended, so that no orphan keeps the port.
const child = spawn(millraceNode(), ['embedded/main.ts', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: { UV_THREADPOOL_SIZE: '16', ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`Cannot start Millrace: ${error.message}`);
  process.exit(1);
});
/** Signals of a native crash, for example on a damaged data folder: the process cannot report it itself. */
const CRASHES = ['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL'];
child.on('exit', (code, signal) => {
  if (CRASHES.includes(signal))
    console.error(
      `Millrace: the process crashed with ${signal} in one of its native engines. If this happens at every start, the data folder is damaged, for example because it was copied while in use: ` +
        'restore a backup (npm run restore), or start on another folder (MILLRACE_DATA).',
    );
  process.exit(signal === null ? code : 1);
});
