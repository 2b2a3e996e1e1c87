import { type ErrorCode, type Fault, found, ok, type Result, refuse, shown } from '../errors.ts';
import { judge, type Misfit } from './judge.ts';
import type { Schema, Static } from './schema.ts';

export interface Reading {
  /** The code of refusals, where the schema does not name one. */
  code: ErrorCode;
  /** The path of the value in what it is a part of: refusals name it. */
  at?: string;
  /** What is read, as the beginning of each message: "Update". */
  of?: string;
}

/** The value as what the schema says it is, or why not: which field, what was found, what is allowed. */
export function readAs<const S extends Schema>(
  schema: S,
  value: unknown,
  reading: Reading,
): Result<Static<S>> {
  const misfit = judge(schema, value);
  // The one place where a value from outside is given a type: every part of it that the type names was judged.
  return misfit === null ? ok(value as Static<S>) : { ok: false, fault: faultOf(schema, misfit, reading) };
}

/** Refuses a value that the schema takes and another rule does not, in the words of the schema. */
export const refuseAs = (schema: Schema, value: unknown, reading: Reading): { ok: false; fault: Fault } => ({
  ok: false,
  fault: faultOf(schema, { schema, value, path: [] }, reading),
});

function faultOf(root: Schema, misfit: Misfit, { code: general, at = '', of }: Reading): Fault {
  const path = [...(at === '' ? [] : [at]), ...misfit.path].join('.');
  const code = misfit.schema.code ?? codeOf(root, misfit.path) ?? general;
  const begin = of === undefined ? '' : `${of}: `;
  const told = misfit.isChecked ? misfit.schema.check?.(misfit.value, path) : undefined;
  if (told) return begin === '' ? told : { ...told, message: `${begin}${told.message}` };
  const { field, text } = misfit.name === undefined ? tellValue(misfit) : tellName(misfit, misfit.name, path);
  const prefix = `${begin}${path === '' ? '' : `${path}: `}`;
  const message = prefix === '' ? capitalized(text) : `${prefix}${text}`;
  return refuse(code, message, (field ?? path) === '' ? undefined : (field ?? path)).fault;
}

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The code of the innermost schema on the way to the misfit that names one. */
function codeOf(root: Schema, path: readonly (string | number)[]): ErrorCode | undefined {
  let code = root.code;
  let schema: Schema | undefined = root;
  for (const step of path) {
    schema = innerOf(schema, step);
    if (schema === undefined) break;
    code = schema.code ?? code;
  }
  return code;
}

function innerOf(schema: Schema, step: string | number): Schema | undefined {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.map((branch) => innerOf(branch, step)).find((inner) => inner !== undefined);
  }
  if (typeof step === 'number') return schema.items;
  const others = schema.additionalProperties;
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, step))
    return schema.properties[step];
  return typeof others === 'object' ? others : undefined;
}

interface Told {
  text: string;
  /** Where it is not the path of the value. */
  field?: string;
}

const tellValue = ({ schema, value }: Misfit): Told => ({
  text: `${schema.subject ?? `expected ${wordsOf(schema)}`}, ${found(value)}.`,
});

function tellName({ schema, value }: Misfit, name: string, path: string): Told {
  const { properties = {}, propertyNames, member, unknownAtObject = false } = schema;
  const field = path === '' ? name : unknownAtObject ? path : `${path}.${name}`;
  if (propertyNames !== undefined)
    return { field, ...tellValue({ schema: propertyNames, value: name, path: [] }) };
  if (member === undefined) return tellValue({ schema, value, path: [] });
  return { field, text: `${shown(name)} is not ${member} ${Object.keys(properties).join(', ')}.` };
}

/** What a schema takes, in words. */
function wordsOf(schema: Schema): string {
  const { expected, const: constant, enum: values, anyOf, type } = schema;
  if (expected !== undefined) return expected;
  if (constant !== undefined) return shown(constant);
  if (values !== undefined) return `one of ${values.join(', ')}`;
  if (anyOf !== undefined) return anyOf.map(wordsOf).join(', or ');
  if (type === undefined) return 'a value';
  return [type]
    .flat()
    .map((one) => typeWords(one, schema))
    .join(' or ');
}

function typeWords(type: string, schema: Schema): string {
  const { minLength, maxLength, characters, minimum, maximum, minItems, maxItems } = schema;
  switch (type) {
    case 'string':
      return `text${bounds(' of ', minLength, maxLength ?? characters, ' characters')}`;
    case 'integer':
      return `a whole number${bounds(' ', minimum, maximum, '', 'from ')}`;
    case 'number':
      return `a number${bounds(' ', minimum, maximum, '', 'from ')}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list${bounds(' of ', minItems, maxItems, '')}`;
    case 'object':
      return 'an object';
    default:
      return type;
  }
}

/** " of 1 to 200 characters", " of at most 200 characters", or nothing where no bound is set. */
function bounds(
  before: string,
  least: number | undefined,
  most: number | undefined,
  after: string,
  from = '',
): string {
  if (most === undefined) return least === undefined ? '' : `${before}at least ${least}${after}`;
  return least === undefined
    ? `${before}at most ${most}${after}`
    : `${before}${from}${least} to ${most}${after}`;
}
