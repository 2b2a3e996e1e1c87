import type { XStatic } from 'typebox/schema';
import type { ErrorCode, Fault } from '../errors.ts';

/**
 * The shape of a value from outside: a plain JSON Schema object, the source of the type (`Static`), the reader
 * (`readAs`) and the text of /openapi.json (`openApiOf`). Written as a constant, so that a page that needs a reader ships
 * the object and no library. The keywords below are all that the reader knows; others do not compile.
 */
export interface Schema extends Refusals {
  /** Several only of single values: what is a list or an object, and may be null, is `nullable`. */
  readonly type?: Scalar | 'array' | 'object' | readonly Scalar[];
  readonly const?: string | number | boolean | null;
  readonly enum?: readonly unknown[];
  /** One of these, chosen by the kind of the value, or by the properties that a branch holds to a constant. */
  readonly anyOf?: readonly Schema[];

  readonly minLength?: number;
  /** In UTF-16 units; `characters` counts code points. */
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;

  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;

  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** `false`: no other names; a schema: the shape of their values. Absent or true: anything, unchecked. */
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly minProperties?: number;

  readonly description?: string;
  readonly default?: unknown;
  /** Where keywords do not say all, values that fit: for the document, and for tests that make values. */
  readonly examples?: readonly unknown[];
}

type Scalar = 'null' | 'boolean' | 'integer' | 'number' | 'string';

/** How a value that does not fit is refused. By default the message follows from the keywords. */
interface Refusals {
  /** The code of what is refused here and within; else that of the whole. */
  readonly code?: ErrorCode;
  /** What is allowed, as the end of "expected …". */
  readonly expected?: string;
  /** The same as a sentence of its own: "A metric is an object with at least event and aggregate". */
  readonly subject?: string;
  /** A misfit inside is reported for this value as a whole, in its words. */
  readonly whole?: boolean;
  /** What an unknown name is not: "a field of a metric; allowed are". The names follow. */
  readonly member?: string;
  /** An unknown name is reported at the object that holds it, if that has a path. */
  readonly unknownAtObject?: boolean;
  /** The maximum number of code points; `maxLength` in the document. */
  readonly characters?: number;
  /** What no keyword can say, asked where the keywords hold; false: refused by the words above. */
  readonly test?: (value: unknown) => boolean;
  /** The same with a text of its own; `field` is the path of the value. */
  readonly check?: (value: unknown, field: string) => Fault | null;
}

/** The type of the values that a schema takes. */
export type Static<S> = XStatic<S>;

const NULL = { type: 'null' } as const satisfies Schema;

/** The same or null; refused in the words of the schema. */
export const nullable = <const S extends Schema>(schema: S) => ({ anyOf: [schema, NULL] }) as const;

/** What may be null, without that; null where the schema is no `nullable`. */
export function withoutNull({ anyOf = [] }: Schema): Schema | null {
  const [schema, other, third] = anyOf;
  return schema !== undefined && other === NULL && third === undefined ? schema : null;
}
