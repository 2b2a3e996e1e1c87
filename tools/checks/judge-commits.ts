const LONGEST = 72;

/** What is wrong with commits, as `git log -z --format=%h%n%B` prints them. */
export const judgeCommits = (log: string): string[] =>
  log
    .split('\0')
    .filter((commit) => commit.trim() !== '')
    .flatMap((commit) => {
      const [hash, subject = '', ...body] = commit.trim().split('\n');
      return [
        ...(subject.length > LONGEST
          ? [`${hash}: its subject has ${subject.length} characters; at most ${LONGEST}`]
          : []),
        ...(body.join('').trim() === '' ? [`${hash}: it has no body, which says why`] : []),
      ];
    });
