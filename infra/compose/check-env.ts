// The service `settings` of docker-compose.yml: exits with 1 when .env has names that nothing reads, so that no other starts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { judgeEnv } from './judge-env.ts';

const folder = process.argv[2] ?? '.';
let env = '';
try {
  env = readFileSync(join(folder, '.env'), 'utf8');
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  // Without one there is nothing to look at.
  if (code !== 'ENOENT')
    console.error(`Millrace: cannot read .env, so misspelt settings in it are not reported: ${message}`);
}
const problems = judgeEnv(env, readFileSync(join(folder, 'docker-compose.yml'), 'utf8'));
if (problems.length > 0) {
  const words = ['Millrace: .env has settings that docker-compose.yml does not use:', ...problems];
  console.error([...words, 'docs/CONFIG.md lists the settings. (invalid_settings)'].join('\n  '));
  process.exit(1);
}
