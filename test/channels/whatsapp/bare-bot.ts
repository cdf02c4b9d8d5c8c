/** Baileys as it comes from npm, with its keys in memory: what the fake WhatsApp is tried with. */
import {
  type AuthenticationCreds,
  type BaileysEventMap,
  BufferJSON,
  DEFAULT_CONNECTION_CONFIG,
  initAuthCreds,
  makeWASocket,
  type SignalDataSet,
  type UserFacingSocketConfig,
  type WAMessage,
} from '@whiskeysockets/baileys';
import { pino } from 'pino';
import { Changes } from '../../fakes/whatsapp/changes.ts';
import { memoryKeys } from '../../fakes/whatsapp/device.ts';

type Options = Partial<UserFacingSocketConfig>;

export type Writing = (data: SignalDataSet, write: () => void) => Promise<void> | void;

/** A bot whose keys outlive its sockets, as in a database. */
export class BareBot {
  /** `creds` and every key, as JSON. */
  readonly rows: Map<string, string>;
  readonly changes = new Changes();
  /** Everything that `messages.upsert` gave, over all sockets. */
  readonly received: { message: WAMessage; type: string }[] = [];
  readonly updates: BaileysEventMap['messages.update'] = [];
  readonly calls: BaileysEventMap['call'] = [];
  readonly presences: BaileysEventMap['presence.update'][] = [];
  /** Status codes of the sockets that closed. */
  readonly closed: number[] = [];
  qr: string | undefined;
  isOpen = false;
  isPaired = false;
  creds: AuthenticationCreds;
  /** Goes between Baileys and the rows: may wait, fail, or write more in the same step. */
  writing: Writing = (_data, write) => write();
  socket: ReturnType<typeof makeWASocket>;
  readonly #url: string;
  readonly #options: Options;

  /** `rows`: of a bot before it, whose session it goes on with. */
  constructor(url: string, options: Options = {}, rows: ReadonlyMap<string, string> = new Map()) {
    this.#url = url;
    this.#options = options;
    this.rows = new Map(rows);
    const creds = rows.get('creds');
    this.creds = creds === undefined ? initAuthCreds() : JSON.parse(creds, BufferJSON.reviver);
    this.socket = this.#connect();
  }

  #connect(more: Options = {}) {
    const keys = memoryKeys(this.rows);
    const socket = makeWASocket({
      ...DEFAULT_CONNECTION_CONFIG,
      auth: { creds: this.creds, keys: { ...keys, set: (data) => this.writing(data, () => keys.set(data)) } },
      waWebSocketUrl: this.#url,
      logger: pino({ level: 'silent' }),
      syncFullHistory: false,
      markOnlineOnConnect: false,
      emitOwnEvents: false,
      retryRequestDelayMs: 0,
      ...this.#options,
      ...more,
    });
    socket.ev.on('creds.update', (update) => {
      Object.assign(this.creds, update);
      this.rows.set('creds', JSON.stringify(this.creds, BufferJSON.replacer));
      this.changes.changed();
    });
    socket.ev.on('connection.update', ({ connection, qr, isNewLogin, lastDisconnect }) => {
      if (qr) this.qr = qr;
      if (isNewLogin) this.isPaired = true;
      if (connection) this.isOpen = connection === 'open';
      if (connection === 'close') this.closed.push(codeOf(lastDisconnect?.error));
      this.changes.changed();
    });
    socket.ev.on('messages.upsert', ({ messages, type }) => {
      for (const message of messages) this.received.push({ message, type });
      this.changes.changed();
    });
    socket.ev.on('messages.update', (updates) => {
      this.updates.push(...updates);
      this.changes.changed();
    });
    socket.ev.on('call', (calls) => {
      this.calls.push(...calls);
      this.changes.changed();
    });
    socket.ev.on('presence.update', (presence) => {
      this.presences.push(presence);
      this.changes.changed();
    });
    return socket;
  }

  /** Another socket with the keys as they were written, as after a crash: nothing of the old process is left. */
  async restarts(more: Options = {}): Promise<void> {
    await this.stops();
    this.creds = JSON.parse(this.rows.get('creds') ?? '{}', BufferJSON.reviver);
    this.isOpen = false;
    this.socket = this.#connect(more);
  }

  async stops(): Promise<void> {
    await this.socket.end(undefined);
  }

  until<T>(look: () => T | false | undefined, within?: number): Promise<T> {
    return this.changes.until(
      look,
      () => `the bot has ${this.texts().join(' | ')}; closed ${this.closed}`,
      within,
    );
  }

  async shows(what: 'qr'): Promise<string> {
    return await this.until(() => this[what]);
  }

  async closesWith(code: number, within?: number): Promise<void> {
    await this.until(() => this.closed.includes(code), within);
  }

  async opens(): Promise<void> {
    await this.until(() => this.isOpen);
  }

  /** Resolves once the first synchronisation with the handset is over. */
  async settles(): Promise<void> {
    await this.until(() => this.creds.accountSyncCounter > 0);
  }

  texts(): string[] {
    return this.received.flatMap(({ message }) => textOf(message) ?? []);
  }

  /** The message with this text, once it came. */
  async reads(text: string): Promise<WAMessage> {
    return await this.until(() => this.received.find(({ message }) => textOf(message) === text)?.message);
  }

  async receives(fits: (message: WAMessage) => boolean): Promise<WAMessage> {
    return await this.until(() => this.received.find(({ message }) => fits(message))?.message);
  }
}

const textOf = ({ message }: WAMessage) =>
  message?.conversation ?? message?.extendedTextMessage?.text ?? undefined;

function codeOf(error: unknown): number {
  const output = (error as { output?: { statusCode?: number } } | undefined)?.output;
  return output?.statusCode ?? 0;
}
