/** The server's half of a WebSocket (RFC 6455), as far as Baileys' client uses one: binary frames, ping, close. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODE = { close: 8, ping: 9, pong: 10 };

export type WebSocket = {
  send: (bytes: Uint8Array) => void;
  /** Says goodbye, then hangs up. */
  close: () => void;
  /** Hangs up without a word. */
  drop: () => void;
};

export type Listening = { onBytes: (bytes: Buffer) => void; onClose: () => void };

export function acceptWebSocket(request: IncomingMessage, socket: Duplex, on: Listening): WebSocket {
  const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}${MAGIC}`).digest('base64');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write(`${[...lines, `Sec-WebSocket-Accept: ${key}`].join('\r\n')}\r\n\r\n`);
  let waiting: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    for (let frame = readFrame(waiting); frame; frame = readFrame(waiting)) {
      waiting = waiting.subarray(frame.size);
      if (frame.opcode === OPCODE.close) socket.end(writeFrame(OPCODE.close, frame.payload));
      else if (frame.opcode === OPCODE.ping) socket.write(writeFrame(OPCODE.pong, frame.payload));
      else if (frame.opcode !== OPCODE.pong) on.onBytes(frame.payload);
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', on.onClose);
  return {
    send: (bytes) => void (socket.writable && socket.write(writeFrame(2, bytes))),
    close: () => void socket.end(writeFrame(OPCODE.close, Buffer.from([0x03, 0xe8]))),
    drop: () => void socket.destroy(),
  };
}

type Frame = { opcode: number; payload: Buffer; size: number };

/** The first frame, once it is complete. WhatsApp frames its own messages, so parts need no joining here. */
function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 127;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + extra + 4;
  if (bytes.length < start) return undefined;
  const length = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + length) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const payload = Buffer.from(bytes.subarray(start, start + length)).map(
    (byte, index) => byte ^ (mask[index % 4] ?? 0),
  );
  return { opcode: bytes.readUInt8(0) & 15, payload: Buffer.from(payload), size: start + length };
}

function writeFrame(opcode: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10);
  head.writeUInt8(128 | opcode, 0);
  if (head.length === 2) head.writeUInt8(payload.length, 1);
  else if (head.length === 4) head.writeUInt8(126, 1) && head.writeUInt16BE(payload.length, 2);
  else head.writeUInt8(127, 1) && head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}
