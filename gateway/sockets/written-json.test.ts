import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser';
import { describe, expect, it } from 'vitest';
import { JsonText, TEXT_PARSER } from './written-json.ts';

const PAYLOAD = { ok: true, values: [[1, null, 2.5]], text: 'é "x"' };
const written = new JsonText(JSON.stringify(PAYLOAD));

describe('text that is written already', () => {
  it.each<[string, Packet, Packet]>([
    [
      'an event',
      { type: PacketType.EVENT, nsp: '/', data: ['frame', written] },
      { type: PacketType.EVENT, nsp: '/', data: ['frame', PAYLOAD] },
    ],
    [
      'an answer',
      { type: PacketType.ACK, nsp: '/', id: 0, data: [written] },
      { type: PacketType.ACK, nsp: '/', id: 0, data: [PAYLOAD] },
    ],
    [
      'an event of another namespace that is to be answered',
      { type: PacketType.EVENT, nsp: '/other', id: 12, data: ['a', 1, written] },
      { type: PacketType.EVENT, nsp: '/other', id: 12, data: ['a', 1, PAYLOAD] },
    ],
    [
      'an event without it',
      { type: PacketType.EVENT, nsp: '/', data: ['a', { b: 1 }] },
      { type: PacketType.EVENT, nsp: '/', data: ['a', { b: 1 }] },
    ],
    ['another packet', { type: PacketType.DISCONNECT, nsp: '/' }, { type: PacketType.DISCONNECT, nsp: '/' }],
  ])('is what the library encodes: %s', (_, packet, plain) => {
    const encoded = new TEXT_PARSER.Encoder().encode(packet);
    expect(encoded).toEqual(new Encoder().encode(plain));
    const decoder = new Decoder();
    const decoded: Packet[] = [];
    decoder.on('decoded', (one) => decoded.push(one));
    for (const piece of encoded) decoder.add(piece);
    expect(decoded[0]).toMatchObject({ ...plain });
  });
});
