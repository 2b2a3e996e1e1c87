import { isRecord } from '#contracts/is-record.ts';
import {
  DERIVED_EXPLANATION,
  DIFFERENCES,
  type Differences,
  EXPLANATION,
  type Explanation,
} from '#contracts/metric/explanation.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import { ApiError } from '../app/ask.ts';

/** What the numbers of a selection are made of: of a derived metric one explanation for each that it is computed from. */
export interface Explained {
  parts: readonly Explanation[];
  isDerived: boolean;
}

/** Reads `GET /v1/metrics/:id/explain`. */
export function readExplained(body: unknown): Explained {
  if (body === null) throw new ApiError('There is no such metric any more.');
  if (isRecord(body) && body.of !== undefined) {
    const read = readAs(DERIVED_EXPLANATION, body, { code: 'invalid_message' });
    if (!read.ok) throw new ApiError(`The explanation cannot be read: ${read.fault.message}`);
    return { parts: read.value.of, isDerived: true };
  }
  const read = readAs(EXPLANATION, body, { code: 'invalid_message' });
  if (!read.ok) throw new ApiError(`The explanation cannot be read: ${read.fault.message}`);
  return { parts: [read.value], isDerived: false };
}

/** Reads `GET /v1/metrics/:id/differs`. */
export function readDifferences(body: unknown): Differences {
  if (body === null) throw new ApiError('There is no such metric any more.');
  const read = readAs(DIFFERENCES, body, { code: 'invalid_message' });
  if (!read.ok) throw new ApiError(`What differs cannot be read: ${read.fault.message}`);
  return read.value;
}
