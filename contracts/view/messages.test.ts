import { it } from 'vitest';
import { checkReadLaws } from '../schema/testing/read-laws.ts';
import { ACK, SUBSCRIBE, TAIL_SWITCH, UNSUBSCRIBE } from './protocol.ts';

it.each([
  ['a subscription', SUBSCRIBE],
  ['its end', UNSUBSCRIBE],
  ['an acknowledgement', ACK],
  ['a switch of the tail', TAIL_SWITCH],
])('%s is read as it is, and refused with the name of what was damaged', (_, schema) => {
  checkReadLaws(schema);
});
