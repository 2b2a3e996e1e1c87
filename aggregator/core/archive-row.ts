import type { BlockHeaders } from '#contracts/log/block.ts';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import type { DecodedEvent } from './decode/decoded-block.ts';

/** Where an event stands, and the watermark that it is judged by. */
export type ArchivePosition = Pick<ArchiveRow, 'part' | 'offset' | 'watermark'>;

/** The archive's row of an event: its own, and with the position that the fold orders ties by. */
export const archiveRow = (event: DecodedEvent, at: ArchivePosition, headers: BlockHeaders): ArchiveRow => ({
  part: at.part,
  offset: at.offset,
  index: event.index,
  block: headers.block ?? '',
  received: headers.received,
  ts: event.ts,
  watermark: at.watermark,
  id: event.id,
  key: event.key,
  event: event.event,
  properties: event.properties,
});
