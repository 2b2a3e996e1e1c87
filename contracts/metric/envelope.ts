import { readPath } from './dimension.ts';

/** The envelope of an event: what it has beside its properties. `ts` is epoch ms. */
export interface Envelope {
  readonly event: string;
  readonly id: string | null;
  readonly key: string | null;
  readonly ts: number;
}

/** By the names that definitions and filters have for them: a path of this name is no property. */
const FIELDS = {
  $event: ({ event }: Envelope) => event,
  $id: ({ id }: Envelope) => id,
  $key: ({ key }: Envelope) => key,
  $timestamp: ({ ts }: Envelope) => ts,
} as const;

export type EnvelopeField = keyof typeof FIELDS;

const isField = (path: string): path is EnvelopeField => Object.hasOwn(FIELDS, path);

/** Returns the field of the envelope that a path names; null where it names a property. */
export const envelopeFieldOf = (path: string): EnvelopeField | null => (isField(path) ? path : null);

export const readEnvelope = (of: Envelope, field: EnvelopeField): string | number | null => FIELDS[field](of);

/** Returns the path in the properties: a property called like a field of the envelope is written with one `$` more (`$$key`, and so on). */
export const propertyPath = (path: string): string =>
  path.startsWith('$$') && isField(path.replace(/^\$+/, '$')) ? path.slice(1) : path;

/** Returns the path by which definitions name the property at a path: the inverse of `propertyPath`. */
export const pathOfProperty = (property: string): string =>
  isField(property.replace(/^\$+/, '$')) ? `$${property}` : property;

/** Returns the value of an event that a path of a definition names: a field of its envelope, or a property. */
export function readEventPath(
  event: Envelope & { readonly properties: Readonly<Record<string, unknown>> },
  path: string,
): unknown {
  const field = envelopeFieldOf(path);
  return field === null ? readPath(event.properties, propertyPath(path)) : readEnvelope(event, field);
}
