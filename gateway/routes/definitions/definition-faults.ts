import type { Fault } from '#contracts/errors.ts';
import type { Definition } from '#contracts/log/definition-record.ts';

/** What is wrong with a stored definition; null where nothing is. */
export type FindFault = (definition: Definition) => Fault | null;

/**
 * Looks at each definition once: it was refused or taken when it was put, so that only another version of Millrace, another
 * producer or a changed setting can have left one that is not possible here.
 */
export function lookOnce(find: FindFault): FindFault {
  const known = new WeakMap<Record<string, unknown>, Fault | null>();
  return (definition) => {
    const found = known.get(definition.body);
    if (found !== undefined) return found;
    const fault = find(definition);
    known.set(definition.body, fault);
    return fault;
  };
}
