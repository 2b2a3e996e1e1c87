/**
 * Codes of the characters that the byte readers look for. Take them apart at the top of a module,
 * `const { QUOTE, COMMA } = ASCII`: the engine folds such constants into the code, but reads an imported binding each
 * time (a loop over the bytes of a string took 28 % longer).
 */
export const ASCII = {
  TAB: 0x09,
  LINE_FEED: 0x0a,
  CARRIAGE_RETURN: 0x0d,
  SPACE: 0x20,
  EXCLAMATION: 0x21,
  QUOTE: 0x22,
  APOSTROPHE: 0x27,
  ASTERISK: 0x2a,
  PLUS: 0x2b,
  COMMA: 0x2c,
  MINUS: 0x2d,
  DOT: 0x2e,
  SLASH: 0x2f,
  ZERO: 0x30,
  NINE: 0x39,
  COLON: 0x3a,
  UPPER_T: 0x54,
  UPPER_Z: 0x5a,
  OPEN_ARRAY: 0x5b,
  BACKSLASH: 0x5c,
  CLOSE_ARRAY: 0x5d,
  LOWER_A: 0x61,
  LOWER_B: 0x62,
  LOWER_E: 0x65,
  LOWER_F: 0x66,
  LOWER_N: 0x6e,
  LOWER_R: 0x72,
  LOWER_T: 0x74,
  LOWER_U: 0x75,
  OPEN_OBJECT: 0x7b,
  CLOSE_OBJECT: 0x7d,
} as const;

export const asciiBytes = (word: string): Uint8Array => Uint8Array.from(word, (c) => c.charCodeAt(0));
