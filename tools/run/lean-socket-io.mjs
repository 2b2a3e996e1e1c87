/**
 * Parts of the Socket.IO client that the SDK has no use for, and what stands in for them. The SDK gives its
 * transports as classes, so the engine looks none up by name. Messages are JSON alone: a binary one ends the connection, as any that
 * cannot be read.
 */
const STAND_INS = {
  'engine.io-client/build/esm/transports/index.js': 'export const transports = {};',
  'engine.io-client/build/esm/transports/polling-xhr.js': 'export class XHR {}',
  'engine.io-parser/build/esm/encodePacket.browser.js': `
    import { PACKET_TYPES } from './commons.js';
    export const encodePacket = ({ type, data }, _, done) => done(PACKET_TYPES[type] + (data || ''));
    export const encodePacketToBinary = null;`,
  'engine.io-parser/build/esm/decodePacket.browser.js': `
    import { ERROR_PACKET, PACKET_TYPES_REVERSE } from './commons.js';
    export const decodePacket = (text) => {
      const type = typeof text === 'string' && PACKET_TYPES_REVERSE[text[0]];
      if (!type) return ERROR_PACKET;
      return text.length > 1 ? { type, data: text.slice(1) } : { type };
    };`,
  'socket.io-parser/build/esm/binary.js': `
    export const deconstructPacket = null;
    export const reconstructPacket = null;`,
  'socket.io-parser/build/esm/is-binary.js': `
    export const isBinary = () => false;
    export const hasBinary = isBinary;`,
};

export const leanSocketIo = {
  name: 'lean-socket-io',
  load(id) {
    const part = Object.keys(STAND_INS).find((path) => id.endsWith(`/node_modules/${path}`));
    return part === undefined ? null : STAND_INS[part];
  },
};
