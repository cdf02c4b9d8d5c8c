/**
 * The server's half of Noise_XX_25519_AESGCM_SHA256 as WhatsApp uses it: hello, a static key with a
 * certificate chain, the client's key and payload, then sealed stanzas, each behind three bytes of length.
 */
import {
  aesDecryptGCM,
  aesEncryptGCM,
  Curve,
  decodeBinaryNode,
  encodeBinaryNode,
  hkdf,
  type KeyPair,
  NOISE_MODE,
  NOISE_WA_HEADER,
  proto,
  sha256,
} from '@whiskeysockets/baileys';
import type { Stanza } from './wire.ts';

export type ServerKeys = {
  /** Stands for WhatsApp's long-term root; Baileys believes it once `WA_CERT_DETAILS.PUBLIC_KEY` is this. */
  root: KeyPair;
  /** The server's own key, and the certificates by which the root vouches for it. */
  own: KeyPair;
  certificates: Uint8Array;
};

function createKeys(): ServerKeys {
  const root = Curve.generateKeyPair();
  const own = Curve.generateKeyPair();
  return { root, own, certificates: certify(root, own.public) };
}

let shared: ServerKeys | undefined;

/** The same for all servers of a process, for these signatures take long; an imposter has a root of its own. */
export function serverKeys(isImposter: boolean): ServerKeys {
  if (isImposter) return createKeys();
  shared ??= createKeys();
  return shared;
}

export type Hello = { staticKey: Buffer; payload: proto.ClientPayload };

type On = {
  send: (bytes: Buffer) => void;
  onHello: (hello: Hello) => void;
  onStanza: (stanza: Stanza) => Promise<void>;
  onBroken: (thrown: unknown) => void;
};

type Direction = { key: Buffer; counter: number };

const NOTHING: Buffer = Buffer.alloc(0);

export class Noise {
  readonly #keys: ServerKeys;
  readonly #on: On;
  readonly #ephemeral = Curve.generateKeyPair();
  #clientEphemeral: Uint8Array = NOTHING;
  #waiting: Buffer = Buffer.alloc(0);
  #hash: Buffer = Buffer.from(NOISE_MODE);
  #salt: Buffer = this.#hash;
  #key: Buffer = this.#hash;
  #counter = 0;
  #step: 'intro' | 'hello' | 'finish' | 'open' = 'intro';
  #reading: Direction = { key: NOTHING, counter: 0 };
  #writing: Direction = { key: NOTHING, counter: 0 };
  /** Frames are taken one after the other, although decoding is asynchronous. */
  #queue: Promise<void> = Promise.resolve();

  constructor(keys: ServerKeys, on: On) {
    this.#keys = keys;
    this.#on = on;
  }

  receive(bytes: Buffer): void {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    if (this.#step === 'intro') this.#readIntro();
    while (this.#step !== 'intro' && this.#waiting.length >= 3) {
      const end = 3 + this.#waiting.readUIntBE(0, 3);
      if (this.#waiting.length < end) return;
      const frame = this.#waiting.subarray(3, end);
      this.#waiting = this.#waiting.subarray(end);
      this.#queue = this.#queue.then(() => this.#take(frame)).catch(this.#on.onBroken);
    }
  }

  /** Seals a stanza and sends it. */
  send(stanza: Stanza): void {
    this.#frame(
      aesEncryptGCM(encodeBinaryNode(stanza), this.#writing.key, iv(this.#writing.counter++), NOTHING),
    );
  }

  /** An optional routing hint (`ED`, version, three bytes of length), then `WA`, 6, 3. */
  #readIntro(): void {
    const routed = this.#waiting.subarray(0, 2).toString() === 'ED';
    const start = routed ? 7 + this.#waiting.readUIntBE(4, 3) : 0;
    const end = start + NOISE_WA_HEADER.length;
    if (this.#waiting.length < end) return;
    if (!this.#waiting.subarray(start, end).equals(NOISE_WA_HEADER)) throw new Error('not a WhatsApp client');
    this.#waiting = this.#waiting.subarray(end);
    this.#authenticate(NOISE_WA_HEADER);
    this.#step = 'hello';
  }

  async #take(frame: Buffer): Promise<void> {
    if (this.#step === 'hello') this.#answerHello(frame);
    else if (this.#step === 'finish') this.#finish(frame);
    else {
      const plain = aesDecryptGCM(frame, this.#reading.key, iv(this.#reading.counter++), NOTHING);
      await this.#on.onStanza(await decodeBinaryNode(plain));
    }
  }

  #answerHello(frame: Buffer): void {
    const { clientHello } = proto.HandshakeMessage.decode(frame);
    this.#clientEphemeral = clientHello?.ephemeral ?? NOTHING;
    const { own, certificates } = this.#keys;
    this.#authenticate(this.#clientEphemeral);
    this.#authenticate(this.#ephemeral.public);
    this.#mix(Curve.sharedKey(this.#ephemeral.private, this.#clientEphemeral));
    const sealedStatic = this.#encrypt(own.public);
    this.#mix(Curve.sharedKey(own.private, this.#clientEphemeral));
    const payload = this.#encrypt(certificates);
    const serverHello = { ephemeral: this.#ephemeral.public, static: sealedStatic, payload };
    this.#step = 'finish';
    this.#frame(proto.HandshakeMessage.encode({ serverHello }).finish());
  }

  #finish(frame: Buffer): void {
    const { clientFinish } = proto.HandshakeMessage.decode(frame);
    const staticKey = this.#decrypt(clientFinish?.static ?? NOTHING);
    this.#mix(Curve.sharedKey(this.#ephemeral.private, staticKey));
    const payload = proto.ClientPayload.decode(this.#decrypt(clientFinish?.payload ?? NOTHING));
    const [reading, writing] = this.#expand(NOTHING);
    this.#reading.key = reading;
    this.#writing.key = writing;
    this.#step = 'open';
    this.#on.onHello({ staticKey, payload });
  }

  #frame(bytes: Uint8Array): void {
    const length = Buffer.alloc(3);
    length.writeUIntBE(bytes.length, 0, 3);
    this.#on.send(Buffer.concat([length, bytes]));
  }

  #authenticate(bytes: Uint8Array): void {
    this.#hash = sha256(Buffer.concat([this.#hash, bytes]));
  }

  #expand(secret: Uint8Array): [Buffer, Buffer] {
    const keys = Buffer.from(hkdf(secret, 64, { salt: this.#salt, info: '' }));
    return [keys.subarray(0, 32), keys.subarray(32)];
  }

  #mix(secret: Uint8Array): void {
    [this.#salt, this.#key] = this.#expand(secret);
    this.#counter = 0;
  }

  #encrypt(plain: Uint8Array): Buffer {
    const sealed = aesEncryptGCM(plain, this.#key, iv(this.#counter++), this.#hash);
    this.#authenticate(sealed);
    return sealed;
  }

  #decrypt(sealed: Uint8Array): Buffer {
    const plain = aesDecryptGCM(sealed, this.#key, iv(this.#counter++), this.#hash);
    this.#authenticate(sealed);
    return plain;
  }
}

/** Root signs an intermediate, which signs the static key. */
function certify(root: KeyPair, key: Uint8Array): Uint8Array {
  const intermediate = Curve.generateKeyPair();
  const sign = (signer: KeyPair, serial: number, issuerSerial: number, signed: Uint8Array) => {
    const details = proto.CertChain.NoiseCertificate.Details.encode({
      serial,
      issuerSerial,
      key: signed,
    }).finish();
    return { details, signature: Curve.sign(signer.private, details) };
  };
  return proto.CertChain.encode({
    intermediate: sign(root, 1, 0, intermediate.public),
    leaf: sign(intermediate, 2, 1, key),
  }).finish();
}

function iv(counter: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(counter, 8);
  return bytes;
}
