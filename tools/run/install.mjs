import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { exec } from './exec.mjs';
import { ROOT } from './root.mjs';

const OLDEST_NODE = 20;
/** Measured on Linux x64: what a first install downloads and leaves on disk, MB. */
const SIZES = { download: 300, disk: 1050, engine: 540 };

/** Installs the exact versions of package-lock.json unless they are there already; says how large that is first. */
export async function installWhatIsMissing() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    throw new Error(`Millrace needs Node ${OLDEST_NODE} or newer to start; this is ${process.version}.`);
  }
  const missing = missingPackages();
  if (missing.length > 0) {
    console.log(
      `Installing ${missing.length} packages (${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''}): ` +
        `at most ${SIZES.download} MB to download and ${SIZES.disk} MB on disk, ` +
        `of which ${SIZES.engine} MB are chdb, the ClickHouse engine that runs inside the process.`,
    );
    // Warnings are about the Node that npm runs on; Millrace runs on the one that is being installed.
    const code = await npm([
      'ci',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
    if (code !== 0) throw new Error('npm could not install the packages; its output is above.');
  }
  if (!existsSync(NODE)) await finishNode();
  // npm links what is there when it installs, and with install scripts switched off the binary comes later.
  if (!existsSync(LINK)) symlinkSync(relative(dirname(LINK), NODE), LINK);
}

const NODE = join(ROOT, 'node_modules', 'node', 'bin', 'node');
const LINK = join(ROOT, 'node_modules', '.bin', 'node');

/** The Node that runs Millrace: the one among its packages. */
export const millraceNode = () => NODE;

/** Names of packages that package-lock.json wants and npm has not installed in that version. */
function missingPackages() {
  const wanted = read('package-lock.json');
  const found = existsSync(join(ROOT, 'node_modules/.package-lock.json'))
    ? read('node_modules/.package-lock.json')
    : {};
  return Object.entries(wanted)
    .filter(([path, { version, optional }]) => {
      if (path === '') return false;
      // What is optional may rightly be absent: another platform's.
      return found[path] === undefined ? !optional : found[path].version !== version;
    })
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13));
}

const read = (file) => JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages;

/** The `node` package fetches its binary in an install script; where npm is configured to run none, it is run here. */
async function finishNode() {
  console.log('Fetching Node 24, 125 MB on disk.');
  const script = join(ROOT, 'node_modules', 'node', 'installArchSpecificPackage.js');
  const code = existsSync(script)
    ? await exec(process.execPath, [script], {}, join(ROOT, 'node_modules', 'node'))
    : 1;
  if (code !== 0 || !existsSync(NODE)) {
    throw new Error('Node 24 could not be installed; try `npm rebuild node`.');
  }
}

function npm(args) {
  const own = process.env.npm_execpath;
  return own?.endsWith('.js') ? exec(process.execPath, [own, ...args]) : exec('npm', args);
}
