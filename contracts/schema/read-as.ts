import { type ErrorCode, type Fault, found, ok, type Result, refuse, shown } from '../errors.ts';
import { judge, type Misfit } from './judge.ts';
import { type Schema, type Static, withoutNull } from './schema.ts';

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
  return misfit === null ? ok(value as Static<S>) : { ok: false, fault: faultOf(misfit, reading) };
}

/** Refuses a value that the schema takes and another rule does not, in the words of the schema. */
export function refuseAs(schema: Schema, value: unknown, reading: Reading): { ok: false; fault: Fault } {
  const shape = withoutNull(schema) ?? schema;
  return { ok: false, fault: faultOf({ schema: shape, value, path: [], code: shape.code }, reading) };
}

function faultOf(misfit: Misfit, { code, at = '', of }: Reading): Fault {
  const path = [...(at === '' ? [] : [at]), ...misfit.path].join('.');
  const begin = of === undefined ? '' : `${of}: `;
  const told = misfit.isChecked ? misfit.schema.check?.(misfit.value, path) : undefined;
  if (told) return { ...told, message: `${begin}${told.message}` };
  const { field = path, text } =
    misfit.name === undefined ? tellValue(misfit) : tellName(misfit, misfit.name, path);
  const prefix = `${begin}${path === '' ? '' : `${path}: `}`;
  const message = prefix === '' ? capitalized(text) : `${prefix}${text}`;
  const isWhole = path === '' && misfit.name === undefined;
  return refuse(misfit.code ?? code, message, isWhole ? undefined : field).fault;
}

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

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
