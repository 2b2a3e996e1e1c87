type Text = Uint8Array | string | null | undefined;

/** Returns headers as the Log gives them: text. The last of a repeated name counts; a header without a value is empty. */
export function storedHeaders(entries: Iterable<readonly [Text, Text]>): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const [name, value] of entries) pairs.push([textOf(name), textOf(value)]);
  return Object.fromEntries(pairs);
}

const textOf = (text: Text): string =>
  typeof text === 'string'
    ? text
    : text
      ? Buffer.from(text.buffer, text.byteOffset, text.length).toString()
      : '';
