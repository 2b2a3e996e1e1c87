export type Media = 'json' | 'ndjson' | 'other';

const NDJSON = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'text/x-ndjson',
];

/** What a Content-Type declares; parameters such as the charset do not matter, the bytes must be UTF-8 anyway. */
export function readMediaType(contentType: string | undefined): Media {
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  if (NDJSON.includes(type)) return 'ndjson';
  return type === 'application/json' || type.endsWith('+json') ? 'json' : 'other';
}
