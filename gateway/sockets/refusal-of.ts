import { ERRORS, type Fault } from '#contracts/errors.ts';
import type { Refusal } from '#contracts/view/protocol.ts';

/** A fault as clients hear it: with whether the same can succeed later. */
export const refusalOf = (fault: Fault): Refusal => ({ ...fault, retry: ERRORS[fault.code].retry });
