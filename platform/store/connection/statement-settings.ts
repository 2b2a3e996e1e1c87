/** Settings that every statement carries in its own text. */

export const READ_SETTINGS =
  'SETTINGS output_format_json_quote_64bit_integers = 0, precise_float_parsing = 1, final = 0';

/** Each statement has constants of its own, so that what the engine compiles for one (tens of ms) hardly ever serves another. */
const NOT_COMPILED =
  'compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0';

/** For reads on behalf of readers: others run beside them, even on one core, and none runs for ever. */
export const READER_SETTINGS = `${READ_SETTINGS}, ${NOT_COMPILED}, max_threads = 1, max_execution_time = 30`;

const INSERT = {
  async_insert: 0,
  precise_float_parsing: 1,
  // Timestamps may be spread over many days; refusing the insert would stop the partition for good.
  max_partitions_per_insert_block: 0,
  // Properties arrive as texts and must stay texts.
  input_format_try_infer_integers: 0,
  input_format_try_infer_dates: 0,
  input_format_try_infer_datetimes: 0,
  input_format_json_try_infer_numbers_from_strings: 0,
} as const;

export const INSERT_SETTINGS: Readonly<Record<string, number>> = INSERT;

export const INSERT_SETTINGS_TEXT = `SETTINGS ${Object.entries(INSERT)
  .map(([name, value]) => `${name} = ${value}`)
  .join(', ')}`;

/**
 * Bytes of one statement: a definition of the largest size, each of its characters escaped, several times over. The engine's own
 * bound would refuse a metric of many long values for ever. It has to be known before a statement is read, so it is no part of one.
 */
export const MAX_QUERY = 8_000_000;
