import type { Encoded } from '#gateway/sockets/link.ts';
import { PublicLink } from './public-link.ts';

/** Every message by `send` of engine.io, with the frame that is ready for a WebSocket, as Socket.IO's own adapter does. */
export class SocketIoLink extends PublicLink {
  protected override options(message: Encoded): object {
    return { wsPreEncodedFrame: [message.wire] };
  }
}
