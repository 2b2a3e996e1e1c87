import fc, { type Arbitrary } from 'fast-check';
import { isRecord } from '../../is-record.ts';
import type { Schema } from '../schema.ts';

/** Values that a schema takes. Where it has a test or a pattern of its own, they are its examples. */
export function valuesOf(schema: Schema): Arbitrary<unknown> {
  if (schema.examples !== undefined) return fc.constantFrom(...schema.examples);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf));
  if (schema.test ?? schema.check ?? schema.pattern) throw new Error('Values for it must be its examples.');
  if (schema.type === undefined) return fc.jsonValue();
  return fc.oneof(...[schema.type].flat().map((type) => ofType(type, schema)));
}

function ofType(type: string, schema: Schema): Arbitrary<unknown> {
  const { minimum, maximum, minItems = 0, maxItems = 8, minLength = 0 } = schema;
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: minimum ?? -1_000_000, max: maximum ?? 1_000_000 });
    case 'number':
      return fc.double({
        noNaN: true,
        noDefaultInfinity: true,
        min: minimum ?? -1e300,
        max: maximum ?? 1e300,
      });
    case 'string':
      return fc.string({ minLength, maxLength: Math.min(schema.maxLength ?? schema.characters ?? 40, 40) });
    case 'array':
      return listsOf(schema, minItems, Math.min(maxItems, 8));
    default:
      return objectsOf(schema);
  }
}

function listsOf({ items = {}, uniqueItems }: Schema, minLength: number, maxLength: number) {
  const bounds = { minLength, maxLength };
  return uniqueItems === true ? fc.uniqueArray(valuesOf(items), bounds) : fc.array(valuesOf(items), bounds);
}

function objectsOf(schema: Schema): Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties: others, propertyNames } = schema;
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valuesOf(one)])),
    { requiredKeys: [...required], noNullPrototype: true },
  );
  if (typeof others !== 'object') return known;
  const names = propertyNames === undefined ? fc.string() : valuesOf(propertyNames);
  const more = fc.dictionary(names.map(String), valuesOf(others), {
    minKeys: schema.minProperties ?? 0,
    maxKeys: 5,
    noNullPrototype: true,
  });
  return fc.tuple(more, known).map(([a, b]) => ({ ...a, ...b }));
}

/** One place of a value where it was damaged. */
export interface Damage {
  value: unknown;
  /** Dotted path of what was damaged. */
  field: string;
}

/** Each way of putting something of no kind that any schema knows in the place of one part that the schema names. */
export function damagesOf(schema: Schema, value: unknown): Damage[] {
  const parts = partsOf(schema, value);
  return parts.flatMap(([step, inner]) => {
    const part = isRecord(value) || Array.isArray(value) ? Reflect.get(value, step) : undefined;
    const here = { value: replaced(value, step, DAMAGED), field: String(step) };
    const deeper = damagesOf(inner, part).map((one) => ({
      value: replaced(value, step, one.value),
      field: `${step}.${one.field}`,
    }));
    return isAnything(inner) ? deeper : [here, ...deeper];
  });
}

const DAMAGED = Symbol('no JSON value');
const isAnything = ({ type, const: constant, enum: values, anyOf }: Schema): boolean =>
  (type ?? constant ?? values ?? anyOf) === undefined;

function partsOf(schema: Schema, value: unknown): [string | number, Schema][] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((branch) => partsOf(branch, value));
  const { items, properties = {}, additionalProperties: others } = schema;
  if (Array.isArray(value)) return items === undefined ? [] : value.map((_, i) => [i, items]);
  if (!isRecord(value)) return [];
  return Object.keys(value).flatMap((name): [string, Schema][] => {
    if (Object.hasOwn(properties, name)) return [[name, properties[name]!]];
    return typeof others === 'object' ? [[name, others]] : [];
  });
}

function replaced(value: unknown, step: string | number, part: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, i) => (i === step ? part : item));
  return isRecord(value) ? { ...value, [step]: part } : value;
}
