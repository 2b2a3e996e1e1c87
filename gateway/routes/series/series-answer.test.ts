import { expect, it } from 'vitest';
import { finish } from '../../core/steps.ts';
import { definition, VERSION, viewOf, World } from '../../core/testing/hub-world.ts';
import { describeView } from '../../views/metric-lookup.ts';
import { answerSeries } from './series-answer.ts';

it('an answer has the windows of the moment that its values are of, though the range moves on while it is written', () => {
  const world = new World();
  world.publishFacts();
  const gateway = world.join();
  world.publishFacts();
  gateway.runToIdle();
  const request = viewOf({});
  const live = gateway.hub.open(request, VERSION, definition);
  gateway.runToIdle();
  const change = finish(live.snapshot());
  const steps = answerSeries({
    ...{ live, epoch: 'log', to: gateway.hub.offset, change, whole: change },
    info: describeView(request, { version: VERSION, ...definition }),
    ...{ timeline: live.range.timeline, earlier: null },
  });
  world.clock += 60_000;
  world.publishFacts();
  gateway.runToIdle();
  expect(live.start).toBeGreaterThan(change.start);
  const { panes, window, start, end } = finish(steps);
  expect([start, end]).toEqual([change.start, change.end]);
  expect([panes[0], panes.at(-1)! + window]).toEqual([start, end]);
});
