/**
 * The connection to WhatsApp: at most one socket, opened again by us, since Baileys never does.
 *
 * Invariants: a socket is opened only by the process that holds the lease, and only after everything the one before it
 * handed over is in the store; a socket whose store fails is ended, for the store must never fall behind what WhatsApp
 * believes (`socket-store.ts`); what only people can mend is not tried again by itself.
 */
import {
  type BinaryNode,
  type ConnectionState,
  DEFAULT_CONNECTION_CONFIG,
  makeWASocket,
  proto,
  S_WHATSAPP_NET,
} from '@whiskeysockets/baileys';
import { type Log, reduceError } from '../../kernel/log.ts';
import { minutes, seconds } from '../../kernel/time.ts';
import { pause } from '../back-off.ts';
import type { Arriving } from '../channel.ts';
import { type AfterClose, afterClose } from './after-close.ts';
import { type AuthState, openAuthState } from './auth-state.ts';
import { FETCHES_NOTHING, leaveSettingsAlone } from './fetches-nothing.ts';
import { giveOneByOne } from './one-by-one.ts';
import { isPerson } from './people.ts';
import type { SentMessages, SessionStore } from './session-store.ts';
import { silentLogger } from './silent-logger.ts';
import { socketStore } from './socket-store.ts';
import type { Staging } from './staging.ts';

export type Socket = ReturnType<typeof makeWASocket>;
type Stopped = Extract<AfterClose, { do: 'stop' }>['because'];

export type ConnectionStatus = {
  /**
   * `standby`: another process has the lease. `linking`: a QR code waits to be scanned. `stopped`: `because` says what
   * people must mend. `unlinked`: there is no number. `off`: not started, or ended.
   */
  is: 'off' | 'unlinked' | 'standby' | 'connecting' | 'linking' | 'open' | 'waiting' | 'stopped';
  since: Date;
  /** Why the last socket closed. */
  code?: number;
  because?: Stopped;
};

/** In milliseconds. */
type Timing = {
  /** Between two looks at the lease. */
  leaseCheck: number;
  /** A socket that shows neither a connection nor a QR code by then is given up. */
  connect: number;
  /** So long after it was accepted a device waits to be told to come again. */
  again: number;
  /** An open socket on which nothing was heard for so long is dead. Baileys asks for a sign of life every 30 seconds. */
  silence: number;
};

const TIMING: Timing = {
  leaseCheck: seconds(1),
  connect: minutes(1),
  again: seconds(5),
  silence: seconds(50),
};

export type ConnectionParts = {
  store: SessionStore;
  lease: { isHeld(): boolean };
  /** Keeps what is decrypted; absent: what is said meanwhile is lost, as in tests of the connection alone. */
  staging?: Staging;
  /** Gives again what a phone could not read; absent: it gets nothing. */
  sent?: SentMessages;
  /** Address of the server; default WhatsApp's own. */
  socketUrl?: string;
  log: Log;
  /** Default: nothing is marked. */
  arriving?: Arriving;
  /** Given each new socket before it connects. */
  onSocket?: (socket: Socket) => void;
  /** Given the text of each QR code while no number is linked. */
  onQr?: (text: string) => void;
  onStatus?: (status: ConnectionStatus) => void;
  timing?: Partial<Timing>;
  /** 0 to 1, for the jitter. */
  dice?: () => number;
  /** Waits so many milliseconds before the next socket; default by the clock. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
};

export class Connection {
  readonly #parts: ConnectionParts;
  readonly #timing: Timing;
  readonly #stop = new AbortController();
  #status: ConnectionStatus = { is: 'off', since: new Date() };
  #socket: Socket | undefined;
  #failures = 0;
  #loop: Promise<void> = Promise.resolve();

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#timing = { ...TIMING, ...parts.timing };
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** The socket while it is open. */
  get socket(): Socket | undefined {
    return this.#status.is === 'open' ? this.#socket : undefined;
  }

  /** The socket while a number waits to be linked. */
  get linking(): Socket | undefined {
    return this.#status.is === 'linking' ? this.#socket : undefined;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Ends the socket and resolves when the session is whole in the store. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#socket?.end(undefined);
    await this.#loop;
    this.#become({ is: 'off' });
  }

  /** Tells WhatsApp that this device is no more, and ends; false if WhatsApp could not be told. */
  async logOut(): Promise<boolean> {
    const { socket } = this;
    // First, so that the close which follows is not taken for one by the handset.
    this.#stop.abort();
    const wasTold = socket !== undefined && (await forgetDevice(socket));
    await this.stop();
    return wasTold;
  }

  async #run(): Promise<void> {
    const { lease, log, dice = Math.random, wait = pause } = this.#parts;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      if (!lease.isHeld()) {
        this.#become({ is: 'standby' });
        await pause(this.#timing.leaseCheck, signal);
        continue;
      }
      const code = await this.#once();
      if (signal.aborted) return;
      if (!lease.isHeld()) continue;
      const next = afterClose(code, this.#failures, dice());
      log.warn('channel_failed', {
        channel: 'whatsapp',
        error: 'WhatsAppClosed',
        code: String(code ?? 'none'),
      });
      if (next.do === 'stop')
        return this.#become({ is: 'stopped', because: next.because, ...withCode(code) });
      this.#become({ is: 'waiting', ...withCode(code) });
      await wait(next.afterMs, signal);
    }
  }

  /** One socket from its opening to its close; returns why it closed. */
  async #once(): Promise<number | undefined> {
    this.#failures += 1;
    const { lease, staging } = this.#parts;
    let socket: Socket | undefined;
    let isOver = false;
    const failed = () => {
      isOver = true;
      void socket?.end(undefined);
    };
    const store = socketStore(this.#parts.store, lease, failed);
    if (staging) staging.onFailed = failed;
    let auth: AuthState;
    try {
      auth = await openAuthState(store, () => staging?.current());
    } catch (error) {
      this.#parts.log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
      return undefined;
    }
    this.#become({ is: 'connecting' });
    const { promise: closed, resolve } = Promise.withResolvers<number | undefined>();
    socket = this.#open(auth);
    softenBreaks(socket);
    leaveSettingsAlone(socket.ws);
    if (staging) giveOneByOne(socket.ws, staging, () => !isOver, this.#parts.arriving);
    this.#socket = socket;
    if (this.#stop.signal.aborted) void socket.end(undefined);
    const unwatch = this.#watch(socket);
    const { creds } = auth.state;
    socket.ev.on('connection.update', (update) => {
      // Some servers greet also a device that no handset has accepted yet.
      const isNobodys = update.connection === 'open' && creds.account === undefined;
      if (!isNobodys) this.#updated(update, resolve);
    });
    socket.ev.on('connection.update', ({ isNewLogin }) => {
      if (isNewLogin) this.#comesAgain(socket);
    });
    socket.ev.on('creds.update', () => {
      auth.saveCreds().catch((error: unknown) => {
        this.#parts.log.error('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
        failed();
      });
    });
    this.#parts.onSocket?.(socket);
    const code = await closed;
    isOver = true;
    unwatch();
    this.#socket = undefined;
    await auth.close();
    return code;
  }

  /** A device that was just accepted comes again. WhatsApp asks for it; if it does not, we do it unasked. */
  #comesAgain(socket: Socket): void {
    const { again } = this.#timing;
    const timer = setTimeout(() => void socket.end(undefined), again);
    socket.ev.on('connection.update', ({ connection }) => {
      if (connection === 'close') clearTimeout(timer);
    });
  }

  #open(auth: AuthState): Socket {
    const { socketUrl, staging, sent } = this.#parts;
    const socket = makeWASocket({
      ...DEFAULT_CONNECTION_CONFIG,
      auth: auth.state,
      logger: silentLogger,
      // What the handset knows of earlier chats is none of our business.
      ...FETCHES_NOTHING,
      // Nobody must see us come online.
      markOnlineOnConnect: false,
      emitOwnEvents: false,
      // Groups, broadcasts, status and newsletters are not even decrypted.
      shouldIgnoreJid: (jid) => !isPerson(jid),
      generateHighQualityLinkPreview: false,
      getMessage: async ({ id }) => {
        const content = id ? await sent?.find(id) : undefined;
        return content && proto.Message.decode(content);
      },
      // A write that fails ends the socket: there is nothing to try again.
      transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
      ...(socketUrl === undefined ? {} : { waWebSocketUrl: socketUrl }),
      ...(staging ? { makeSignalRepository: staging.makeSignalRepository } : {}),
    });
    return socket;
  }

  #updated(
    { connection, qr, lastDisconnect }: Partial<ConnectionState>,
    closed: (code?: number) => void,
  ): void {
    if (qr !== undefined) {
      this.#become({ is: 'linking' });
      this.#parts.onQr?.(qr);
    }
    if (connection === 'open') {
      this.#failures = 0;
      this.#become({ is: 'open' });
    }
    if (connection === 'close') {
      // One that was open begins to count anew.
      if (this.#status.is === 'open') this.#failures = 1;
      closed(statusCode(lastDisconnect?.error));
    }
  }

  /**
   * Baileys tells nothing of a socket that is refused before it opens, does not know our lease, and waits for the other
   * side's farewell on a network that is gone.
   */
  #watch(socket: Socket): () => void {
    let heardAt = performance.now();
    socket.ws.on('message', () => {
      heardAt = performance.now();
    });
    const tooLate = setTimeout(() => {
      if (this.#status.is === 'connecting') void socket.end(undefined);
    }, this.#timing.connect);
    const look = setInterval(() => {
      if (!this.#parts.lease.isHeld()) void socket.end(undefined);
      if (this.#status.is === 'open' && performance.now() - heardAt > this.#timing.silence) hangUp(socket);
    }, this.#timing.leaseCheck);
    return () => {
      clearTimeout(tooLate);
      clearInterval(look);
    };
  }

  #become(status: Omit<ConnectionStatus, 'since'>): void {
    if (status.is === this.#status.is && status.is !== 'stopped') return;
    this.#status = { ...status, since: new Date() };
    this.#parts.onStatus?.(this.#status);
  }
}

const withCode = (code: number | undefined) => (code === undefined ? {} : { code });

/** Baileys' own `logout` does not wait for the answer. */
async function forgetDevice(socket: Socket): Promise<boolean> {
  const { me } = socket.authState.creds;
  if (!me) return false;
  const remove = { tag: 'remove-companion-device', attrs: { jid: me.id, reason: 'user_initiated' } };
  const ask = { tag: 'iq', attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'md' }, content: [remove] };
  return socket.query(ask, seconds(10)).then(
    () => true,
    () => false,
  );
}

/** A round trip to WhatsApp's server; a code if it does not answer. */
export function answersPing(socket: Socket): Promise<string | undefined> {
  const ask = {
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' },
    content: [{ tag: 'ping', attrs: {} }],
  };
  return socket.query(ask, seconds(10)).then(
    () => undefined,
    () => 'no_answer',
  );
}

type Line = {
  terminate(): void;
  send: (data: unknown, done?: (error?: NodeJS.ErrnoException) => void) => void;
};
/** The WebSocket under Baileys' own. */
const lineOf = ({ ws }: Socket): Line | null => (ws as unknown as { socket: Line | null }).socket;

/** Without a farewell. */
const hangUp = (socket: Socket): void => lineOf(socket)?.terminate();

const BROKEN = ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'];

/**
 * A line that breaks under a write rejects promises inside Baileys that nobody listens to. The break is told by `close`
 * anyway: what was written counts as sent, and is never answered.
 */
function softenBreaks(socket: Socket): void {
  const line = lineOf(socket);
  if (!line) return;
  const send = line.send.bind(line);
  line.send = (data, done) =>
    send(data, (error) => done?.(error?.code && BROKEN.includes(error.code) ? undefined : error));
}

const REPLACED = 440;
const LOGGED_OUT = 401;

/** Baileys gives `Boom` errors; undefined if it was ended without one. */
function statusCode(error: unknown): number | undefined {
  const { output, data } = (error ?? {}) as Partial<BoomLike>;
  // Baileys takes every conflict for another socket of the same session, unless it carries a code.
  if (output?.statusCode === REPLACED && data?.attrs?.type === 'device_removed') return LOGGED_OUT;
  return output?.statusCode;
}

type BoomLike = { output: { statusCode?: number }; data: Partial<BinaryNode> };
