import { readPlace } from '../app/place.ts';

/** Returns the address of another room with parameters; null where this page has no such room. */
export function linkTo(path: string, parameters: Record<string, string>): string | null {
  if (readPlace(path).room === 'unknown') return null;
  return `${path}?${new URLSearchParams(parameters)}`;
}
