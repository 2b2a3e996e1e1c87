/** Characters of a value that a message shows. */
const SHOWN = 80;

/** The beginning of a text, marked where it was cut; never half of a surrogate pair. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const end = longest - 1;
  const last = text.charCodeAt(end - 1);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end)}…`;
}

/** How a refused value is shown in a message: short, quoted. Of a large one no more is looked at than is shown. */
export function shown(value: unknown): string {
  const written = { text: '' };
  try {
    if (!write(value, written)) written.text = String(value);
  } catch {
    // What JSON cannot hold.
    written.text =
      typeof value === 'object' || typeof value === 'function'
        ? 'a value that cannot be shown'
        : String(value);
  }
  return cutText(written.text, SHOWN);
}

/** As JSON.stringify writes it, up to where it is cut; false for what JSON leaves out. */
function write(value: unknown, out: { text: string }): boolean {
  const own = hasToJson(value) ? value.toJSON() : value;
  if (typeof own === 'string') {
    out.text += JSON.stringify(own.length > SHOWN ? own.slice(0, SHOWN + 1) : own);
    return true;
  }
  if (typeof own !== 'object' || own === null) {
    const text = JSON.stringify(own);
    out.text += text ?? '';
    return text !== undefined;
  }
  if (Array.isArray(own)) writeList(own, out);
  else writeObject(own as Record<string, unknown>, out);
  return true;
}

function writeList(list: readonly unknown[], out: { text: string }): void {
  out.text += '[';
  for (let i = 0; i < list.length && out.text.length <= SHOWN; i++) {
    if (i > 0) out.text += ',';
    if (!write(list[i], out)) out.text += 'null';
  }
  out.text += ']';
}

function writeObject(object: Readonly<Record<string, unknown>>, out: { text: string }): void {
  let separator = '';
  out.text += '{';
  for (const name in object) {
    if (out.text.length > SHOWN) break;
    if (!Object.hasOwn(object, name)) continue;
    const before = out.text;
    out.text += `${separator}${JSON.stringify(name.slice(0, SHOWN + 1))}:`;
    if (write(object[name], out)) separator = ',';
    else out.text = before;
  }
  out.text += '}';
}

const hasToJson = (value: unknown): value is { toJSON(): unknown } =>
  typeof value === 'object' && value !== null && typeof (value as { toJSON?: unknown }).toJSON === 'function';
