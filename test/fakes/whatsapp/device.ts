/** A phone as Signal sees it: identity, pre-keys, sessions, all by Baileys' own Signal code, in memory. */
import {
  type AuthenticationCreds,
  addTransactionCapability,
  BufferJSON,
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  encodeBigEndian,
  encodeWAMessage,
  initAuthCreds,
  KEY_BUNDLE_TYPE,
  parseAndInjectE2ESessions,
  proto,
  type SignalDataTypeMap,
  type SignalKeyStore,
  unpadRandomMax16,
  xmppPreKey,
  xmppSignedPreKey,
} from '@whiskeysockets/baileys';
import { bytesOf, holding, type Stanza, silent, stanza } from './wire.ts';

/** A key store in memory, in the form a database would keep: `type/id` to JSON. A bot in a test can use one too. */
export function memoryKeys(rows = new Map<string, string>()): SignalKeyStore {
  return {
    get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
      const found: { [id: string]: SignalDataTypeMap[T] } = {};
      for (const id of ids) {
        const row = rows.get(`${type}/${id}`);
        if (row !== undefined) found[id] = JSON.parse(row, BufferJSON.reviver);
      }
      return found;
    },
    set(data) {
      for (const [type, values] of Object.entries(data))
        for (const [id, value] of Object.entries(values ?? {})) {
          if (value === null) rows.delete(`${type}/${id}`);
          else rows.set(`${type}/${id}`, JSON.stringify(value, BufferJSON.replacer));
        }
    },
  };
}

export class Device {
  readonly creds: AuthenticationCreds;
  readonly #keys = addTransactionCapability(memoryKeys(), silent, {
    maxCommitRetries: 1,
    delayBetweenTriesMs: 0,
  });
  readonly #signal;

  /** `creds`: its keys, if they were made before. */
  constructor(creds: AuthenticationCreds = initAuthCreds()) {
    this.creds = creds;
    this.#signal = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
      { creds, keys: this.#keys },
      silent,
      async () => [],
    );
  }

  /** What the server hands to a phone that wants to write: each time with another one-time pre-key. */
  async bundle(): Promise<[Stanza, ...Stanza[]]> {
    const { registrationId, signedIdentityKey, signedPreKey } = this.creds;
    const id = this.creds.nextPreKeyId++;
    const preKey = Curve.generateKeyPair();
    await this.#keys.set({ 'pre-key': { [String(id)]: preKey } });
    return [
      holding('registration', encodeBigEndian(registrationId)),
      holding('type', KEY_BUNDLE_TYPE),
      holding('identity', signedIdentityKey.public),
      xmppPreKey(preKey, id),
      xmppSignedPreKey(signedPreKey),
    ];
  }

  /** Opens a session with the keys of another person, in place of one that was open. */
  async meets(jid: string, bundle: Stanza[]): Promise<void> {
    const users = stanza('iq', {}, [stanza('list', {}, [stanza('user', { jid }, bundle)])]);
    await parseAndInjectE2ESessions(users, this.#signal);
  }

  async knows(jid: string): Promise<boolean> {
    return (await this.#signal.validateSession(jid)).exists;
  }

  async forgets(jid: string): Promise<void> {
    await this.#signal.deleteSession([jid]);
  }

  /** An `<enc>` for this jid. */
  async encrypts(jid: string, message: proto.IMessage, count?: number): Promise<Stanza> {
    const { type, ciphertext } = await this.#signal.encryptMessage({ jid, data: encodeWAMessage(message) });
    return stanza(
      'enc',
      { v: '2', type, count: count === undefined ? undefined : String(count) },
      ciphertext,
    );
  }

  /** What an `<enc>` from this jid says; throws when it cannot be read. */
  async decrypts(jid: string, enc: Stanza): Promise<proto.Message> {
    const type = enc.attrs.type === 'pkmsg' ? 'pkmsg' : 'msg';
    const ciphertext = bytesOf(stanza('message', {}, [enc]), 'enc');
    const padded = await this.#signal.decryptMessage({ jid, type, ciphertext });
    return proto.Message.decode(unpadRandomMax16(padded));
  }

  close(): void {
    this.#signal.close?.();
  }
}
