import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser';

/** The last argument of an event or an answer as JSON that is written already: it goes out as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Socket.IO's own encoding, https://socket.io/docs/v4/socket-io-protocol/, but for data that is written already. */
class TextEncoder extends Encoder {
  override encode(packet: Packet): ReturnType<Encoder['encode']> {
    const written = writtenTextOf(packet);
    return written === null ? super.encode(packet) : [written];
  }
}

/** For the option `parser` of the server; clients need no other than their own. */
export const TEXT_PARSER = { Encoder: TextEncoder, Decoder };

function writtenTextOf({ type, nsp, id, data }: Packet): string | null {
  if (type !== PacketType.EVENT && type !== PacketType.ACK) return null;
  const last: unknown = Array.isArray(data) ? data.at(-1) : null;
  if (!(last instanceof JsonText)) return null;
  const before = (data as unknown[]).slice(0, -1).map((value) => `${JSON.stringify(value)},`);
  return `${type}${nsp === '/' ? '' : `${nsp},`}${id ?? ''}[${before.join('')}${last.text}]`;
}
