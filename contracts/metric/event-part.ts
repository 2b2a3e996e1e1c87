import { readPath } from './dimension.ts';

/** What an event has beside its properties. `ts` is epoch ms. */
export interface EventParts {
  readonly event: string;
  readonly id: string | null;
  readonly key: string | null;
  readonly ts: number;
}

/** By the names that definitions and filters have for them: a path of this name is no property. */
const PARTS = {
  $event: ({ event }: EventParts) => event,
  $id: ({ id }: EventParts) => id,
  $key: ({ key }: EventParts) => key,
  $timestamp: ({ ts }: EventParts) => ts,
} as const;

export type PartName = keyof typeof PARTS;

const isPart = (path: string): path is PartName => Object.hasOwn(PARTS, path);

/** Returns the name of the part that a path is; null where it is a property. */
export const partOf = (path: string): PartName | null => (isPart(path) ? path : null);

export const readPart = (of: EventParts, part: PartName): string | number | null => PARTS[part](of);

/** Returns the path in the properties: a property called like a part is written with one `$` more (`$$key`, and so on). */
export const propertyPath = (path: string): string =>
  path.startsWith('$$') && isPart(path.replace(/^\$+/, '$')) ? path.slice(1) : path;

/** Returns the value of an event that a path of a definition names: of a part of it, or of a property. */
export function readEventPath(
  event: EventParts & { readonly properties: Readonly<Record<string, unknown>> },
  path: string,
): unknown {
  const part = partOf(path);
  return part === null ? readPath(event.properties, propertyPath(path)) : readPart(event, part);
}
