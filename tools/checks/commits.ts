import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Check } from './check.ts';
import { judgeCommits } from './judge-commits.ts';
import { ROOT } from './source-files.ts';

/** The last commit from before this rule. */
const SINCE = 'e9ced10785d17947ed018f9ac50c6d55fabc7a85';

const git = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)('git', args, { cwd: ROOT, maxBuffer: 64e6 })).stdout;

/** Subjects of commits are short, and a body says why. Skipped where the history is not here: an archive, a shallow clone. */
export const commits: Check = {
  name: 'commits',
  run: async () => {
    const isHere = await git('merge-base', '--is-ancestor', SINCE, 'HEAD').then(
      () => true,
      () => false,
    );
    if (!isHere) return { problems: [], skipped: `this copy has no history since ${SINCE.slice(0, 7)}` };
    return {
      problems: judgeCommits(await git('log', '--no-merges', '-z', '--format=%h%n%B', `${SINCE}..HEAD`)),
    };
  },
};
