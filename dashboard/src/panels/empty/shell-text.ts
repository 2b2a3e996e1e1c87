/** A text as one word of a shell's command, whatever is in it: who copies the command runs nothing else. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
