/** Types of values, as the type table of filters has them. */
export type ValueType = 'text' | 'number' | 'boolean' | 'null' | 'array' | 'object';

/** Events that a definition does not count although they fit its names and its filter, since a value is of the wrong type or absent. */
export interface Misfits {
  /** The first property at fault: a dimension, or the field of the aggregate. */
  field: string;
  /** What the definition can count there. */
  expected: 'number' | 'text, number, boolean or null' | 'text, number or boolean';
  /** `null` where there is none, or null itself; `number` where one is expected: too large for a double. */
  found: ValueType;
  events: number;
}

/** What a definition does with the archived events of a range that fit its names and its filter. */
export interface PreviewTally {
  /** All of them. */
  matched: number;
  counted: number;
  /** Of those that are counted: how many were imported. */
  imported: number;
  /** Not counted, since they were late. */
  late: number;
  /** Not counted for another reason: the most events first, then as the definition names its properties. */
  misfits: Misfits[];
}
