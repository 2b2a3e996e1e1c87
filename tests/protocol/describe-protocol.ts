import { describe } from 'vitest';
import { describeAggregates } from './describe-aggregates.ts';
import { describeChanges } from './describe-changes.ts';
import { describeDerived } from './describe-derived.ts';
import { describeEqualData } from './describe-equal-data.ts';
import { describeEvents } from './describe-events.ts';
import { describeExplained } from './describe-explained.ts';
import { describeFilters } from './describe-filters.ts';
import { describeGroups } from './describe-groups.ts';
import { describeKeys } from './describe-keys.ts';
import { describeMessages } from './describe-messages.ts';
import { describePreview } from './describe-preview.ts';
import { describeRejected } from './describe-rejected.ts';
import { describeResume } from './describe-resume.ts';
import { describeSchema } from './describe-schema.ts';
import { describeSequences } from './describe-sequences.ts';
import { describeTopValues } from './describe-top-values.ts';
import { describeVersions } from './describe-versions.ts';
import { describeViews } from './describe-views.ts';
import type { Transport } from './raw-client.ts';
import { type Target, useProtocol } from './use-protocol.ts';

/**
 * The conformance suite of PROTOCOL.md against a running Millrace: defines a metric of its own, posts events, and holds
 * the server to the text over each transport. It uses fetch and a plain Socket.IO client, never the SDK.
 */
export function describeProtocol(target: () => Target, transports: readonly Transport[]): void {
  for (const transport of transports) {
    describe(`protocol over ${transport}`, () => {
      describeViews(useProtocol(target, transport));
      describeResume(useProtocol(target, transport));
      describeMessages(useProtocol(target, transport));
      describeVersions(useProtocol(target, transport));
      describeDerived(useProtocol(target, transport));
      describeKeys(useProtocol(target, transport));
    });
  }
  describe('protocol, same data everywhere', () => describeEqualData(useProtocol(target, 'websocket')));
  describe('protocol, what was refused', () => describeRejected(useProtocol(target, 'websocket')));
  describe('protocol, filters', () => describeFilters(useProtocol(target, 'websocket')));
  describe('protocol, aggregates', () => describeAggregates(useProtocol(target, 'websocket')));
  describe('protocol, most frequent values', () => describeTopValues(useProtocol(target, 'websocket')));
  describe('protocol, sequences', () => describeSequences(useProtocol(target, 'websocket')));
  describe('protocol, archived events', () => describeEvents(useProtocol(target, 'websocket')));
  describe('protocol, groups', () => describeGroups(useProtocol(target, 'websocket')));
  describe('protocol, explained numbers', () => describeExplained(useProtocol(target, 'websocket')));
  describe('protocol, what there is', () => describeSchema(useProtocol(target, 'websocket')));
  describe('protocol, definitions before they are saved', () =>
    describePreview(useProtocol(target, 'websocket')));
  describe('protocol, changes by HTTP', () => describeChanges(useProtocol(target, 'websocket')));
}
