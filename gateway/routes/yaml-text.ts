import { parse, stringify } from 'yaml';
import { ok, type Result, refuse } from '#contracts/errors.ts';

/** The only file that knows YAML. Aliases are bounded, so that a short text cannot grow into a large value. */
export function readYaml(text: string): Result<unknown> {
  try {
    return ok(parse(text, { maxAliasCount: 20, prettyErrors: true, logLevel: 'silent' }));
  } catch (error) {
    return refuse('invalid_definition', `The body is not YAML: ${(error as Error).message}`);
  }
}

export const writeYaml = (value: unknown): string => stringify(value);
