// Brings the compose stack up for real, with images made on this machine; see README.md beside it.
import { buildImages, run } from './build-images.ts';

await buildImages();
await run('docker-compose', ['build', '--quiet', 'ingest']);
const scale = ['ingest=2', 'aggregator=2', 'gateway=2'].flatMap((of) => ['--scale', of]);
await run('docker-compose', ['up', '-d', '--no-build', ...scale]);
