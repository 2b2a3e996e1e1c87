// Brings the compose stack up for real, with images made on this machine, and checks it; see README.md beside it.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { eventually } from '../testing/eventually.ts';
import { awaitHealthy } from './await-healthy.ts';
import { BASE, buildImages, IMAGES } from './build-images.ts';
import { checkBoard } from './check-board.ts';
import { checkCommands } from './check-commands.ts';
import { checkContainers } from './check-containers.ts';
import { checkDemo } from './check-demo.ts';
import { checkFollowers } from './check-followers.ts';
import { checkKeys } from './check-keys.ts';
import { OUTAGE_CHECKS } from './check-outages.ts';
import { checkScrapes } from './check-scrapes.ts';
import { compose, docker, start, URL_OF_STACK } from './compose.ts';
import { createReport, type Report } from './report.ts';

const { values } = parseArgs({
  options: {
    /** Removes the containers, their data and the images. */
    down: { type: 'boolean', default: false },
    /** Where the report is kept, and a picture of the board. */
    report: { type: 'string' },
    picture: { type: 'string' },
  },
});

if (values.down) await tearDown();
else await bringUp(createReport());

async function bringUp(report: Report): Promise<void> {
  await buildImages();
  await compose('build', '--quiet', 'ingest');
  await compose('down', '--volumes');
  report.add(`compose stack with stand-in images, ${new Date().toISOString()}`);
  await report.check('start', async () => {
    const began = Date.now();
    await start('proxy', 'aggregator');
    await awaitHealthy();
    return [`from nothing to healthy, two of each service: ${Date.now() - began} ms`];
  });
  await report.check('demo', checkDemo);
  await report.check('board', () => checkBoard(values.picture ?? null));
  // Only now: README's metric has the name of one of the demo's.
  await report.check("README's commands", checkCommands);
  await report.check('followers', checkFollowers);
  await report.check('Prometheus', async () => {
    await start('prometheus');
    return checkScrapes();
  });
  await report.check('containers', checkContainers);
  for (const { name, run } of OUTAGE_CHECKS) await report.check(name, run);
  await report.check('keys', checkKeys);
  report.add(report.failures === 0 ? 'all checks passed' : `${report.failures} checks FAILED`);
  if (values.report !== undefined) await writeFile(values.report, `${report.lines.join('\n')}\n`);
  console.log(`The stack is still up at ${URL_OF_STACK}; --down removes it.`);
  process.exitCode = report.failures === 0 ? 0 : 1;
}

async function tearDown(): Promise<void> {
  const removed = () => compose('down', '--volumes', '--remove-orphans').then(() => true);
  // A volume may be in use for a moment after its container has gone.
  await eventually(removed, (done) => done);
  // They must not be mistaken for the real ones.
  for (const { tag } of IMAGES) await docker('rmi', '--force', tag);
  for (const tag of ['millrace:local', BASE]) await docker('rmi', '--force', tag);
}
