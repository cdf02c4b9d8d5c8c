/** One connection of the bot: bytes in, stanzas out. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Hello, Noise, type ServerKeys } from './noise.ts';
import { acceptWebSocket } from './websocket.ts';
import { type Stanza, stanza } from './wire.ts';

/** The codes Baileys can give a closed connection, each in WhatsApp's own way of causing it. */
export type CloseCode = 401 | 403 | 411 | 428 | 440 | 500 | 503 | 515;

type Served = {
  keys: ServerKeys;
  onHello: (line: Line, hello: Hello) => void;
  onStanza: (line: Line, stanza: Stanza) => Promise<void>;
  onClose: (line: Line) => void;
  onBroken: (thrown: unknown) => void;
};

export class Line {
  /** Stays open, hears everything and answers nothing. */
  silent = false;
  isOpen = true;
  readonly #noise: Noise;
  readonly #socket;

  constructor(request: IncomingMessage, socket: Duplex, served: Served) {
    this.#noise = new Noise(served.keys, {
      send: (bytes) => void (this.silent || this.#socket.send(bytes)),
      onHello: (hello) => void (this.silent || served.onHello(this, hello)),
      onStanza: async (received) => void (this.silent || (await served.onStanza(this, received))),
      onBroken: served.onBroken,
    });
    this.#socket = acceptWebSocket(request, socket, {
      onBytes: (bytes) => this.#noise.receive(bytes),
      onClose: () => {
        this.isOpen = false;
        served.onClose(this);
      },
    });
  }

  send(sent: Stanza): void {
    if (this.isOpen) this.#noise.send(sent);
  }

  drop(): void {
    this.#socket.drop();
  }

  /** Ends the connection the way WhatsApp does for this code. */
  end(code: CloseCode): void {
    const last = farewell(code);
    if (last) this.send(last);
    this.#socket.close();
  }
}

function farewell(code: CloseCode): Stanza | undefined {
  switch (code) {
    case 401:
      return stanza('stream:error', { code: '401' }, [stanza('conflict', { type: 'device_removed' })]);
    case 403:
      return stanza('failure', { reason: '403' });
    case 411:
      return stanza('ib', {}, [stanza('downgrade_webclient')]);
    case 428:
      return undefined;
    case 440:
      return stanza('stream:error', {}, [stanza('conflict', { type: 'replaced' })]);
    default:
      return stanza('stream:error', { code: String(code) });
  }
}
