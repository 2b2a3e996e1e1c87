import { afterAll, beforeAll, expect, it } from 'vitest';
import { BOARD_FIELDS } from '#contracts/board/board.ts';
import { PANEL_FIELDS } from '#contracts/board/panel.ts';
import { DERIVED_METRIC } from '#contracts/metric/derived-metric.ts';
import { METRIC_FIELDS } from '#contracts/metric/metric.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

interface Schema {
  anyOf?: Schema[];
  properties: Record<string, Schema>;
  required?: string[];
  items: Schema;
}
interface Response {
  description: string;
  content?: Record<string, { schema: Schema }>;
}
interface Operation {
  requestBody: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Response>;
}

let gateway: TestGateway;
let paths: Record<string, Record<string, Operation>>;
beforeAll(async () => {
  gateway = await startGateway();
  const document = await (await fetch(`${gateway.url}/openapi.json`)).json();
  ({ paths } = document as { paths: typeof paths });
});
afterAll(() => gateway.close());

const statuses = (operation: Operation) => Object.keys(operation.responses).sort();

it.each([
  ['metrics', METRIC_FIELDS, ['event', 'aggregate']],
  ['boards', BOARD_FIELDS, undefined],
])('/openapi.json shows what %s are made of', (plural, fields, required) => {
  const one = paths[`/v1/${plural}/{id}`]!;
  const list = paths[`/v1/${plural}`]!.get!.responses[200]!.content!['application/json']!.schema;
  const shapes = [
    ...['application/json', 'application/yaml'].map((type) => one.put!.requestBody.content[type]!.schema),
    ...['200', '201'].map((status) => one.put!.responses[status]!.content!['application/json']!.schema),
    one.get!.responses[200]!.content!['application/json']!.schema,
    list.properties[plural]!.items,
  ];
  for (const shape of shapes) {
    const [own, computed] = shape.anyOf ?? [shape];
    expect(Object.keys(own!.properties).sort()).toEqual([...fields].sort());
    expect(own!.required).toEqual(required);
    if (plural === 'boards') expect(computed).toBeUndefined();
    else expect(Object.keys(computed!.properties)).toEqual(Object.keys(DERIVED_METRIC.properties));
  }
  expect(Object.keys(shapes[0]!.properties?.panels?.items.properties ?? {})).toEqual(
    plural === 'boards' ? PANEL_FIELDS : [],
  );
});

it.each([
  ['metrics', 'unknown_metric', ['200', '403', '404'], ['204', '404', '409', '412', '503']],
  ['boards', 'unknown_board', ['200', '404'], ['204', '404', '412', '503']],
])('/openapi.json says with which codes %s are refused', (plural, unknown, reading, removing) => {
  const { get, put, delete: remove } = paths[`/v1/${plural}/{id}`]!;
  expect(statuses(get!)).toEqual(reading);
  expect(statuses(put!)).toEqual(['200', '201', '400', '409', '412', '413', '415', '503']);
  expect(statuses(remove!)).toEqual(removing);
  expect(get!.responses[404]!.description).toContain(unknown);
  expect(put!.responses[400]!.description).toContain('invalid_definition');
  expect(put!.responses[412]!.description).toContain('precondition_failed');
  const problem = put!.responses[400]!.content!['application/problem+json']!.schema;
  expect(problem.properties).toHaveProperty('code');
});
