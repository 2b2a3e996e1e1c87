import { type Schema, withoutNull } from './schema.ts';

/** What only the reader and its refusals use. */
const OWN: ReadonlySet<string> = new Set<keyof Schema>([
  'code',
  'expected',
  'subject',
  'whole',
  'member',
  'unknownAtObject',
  'test',
  'check',
]);

/** A schema as /openapi.json shows it: the same keywords, without what only refusals need; `more` is put over them. */
export function openApiOf(
  schema: Schema,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const shape = withoutNull(schema);
  if (shape?.type !== undefined) return openApiOf(shape, { type: [shape.type, 'null'].flat(), ...more });
  const { anyOf, items, properties, additionalProperties, propertyNames, characters, ...plain } = schema;
  const inner = {
    maxLength: characters,
    anyOf: anyOf?.map((branch) => openApiOf(branch)),
    items: items && openApiOf(items),
    properties:
      properties &&
      Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, openApiOf(one)])),
    additionalProperties:
      typeof additionalProperties === 'object' ? openApiOf(additionalProperties) : additionalProperties,
    propertyNames: propertyNames && openApiOf(propertyNames),
  };
  const own = Object.entries(plain).filter(([keyword, value]) => value !== undefined && !OWN.has(keyword));
  const described = Object.entries(inner).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries([...own, ...described]), ...more };
}
