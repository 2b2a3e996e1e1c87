import { PublicLink } from './public-link.ts';

/** Every message by `send` of engine.io, as text. */
export class SocketIoLink extends PublicLink {
  protected override options(): object {
    return {};
  }
}
