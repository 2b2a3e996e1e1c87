/** What docs/SECURITY.md promises of the image, as far as its Dockerfile can tell without being built. */
export function judgeImage(dockerfile: string): string[] {
  const lines = dockerfile
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  const last = lines.slice(lines.findLastIndex((line) => /^FROM\s/i.test(line)));
  const users = last.filter((line) => /^USER\s/i.test(line)).map((line) => line.slice(5).trim());
  const installs = lines.flatMap((line) => line.match(/\bnpm (ci|i|install)\b[^&|;]*/g) ?? []);
  return [
    ...(/^FROM scratch\b/i.test(last[0] ?? '') ? [] : ['the last stage does not start from scratch']),
    ...(last.some((line) => /^RUN\s/i.test(line))
      ? ['the last stage runs something, for which it has no tools']
      : []),
    ...(/^[1-9]\d*(:\d+)?$/.test(users.at(-1) ?? '')
      ? []
      : ['the last stage names no user by a number above 0']),
    ...installs
      .filter((command) => !command.includes('--ignore-scripts'))
      .map((command) => `"${command.trim()}" lets packages run scripts`),
  ];
}
