/**
 * Linking the bot to a number. The handset does what its owner's phone would do: it reads the QR text or takes
 * the eight letters, and signs the bot's identity with its own.
 */
import { randomBytes } from 'node:crypto';
import {
  aesDecryptCTR,
  aesDecryptGCM,
  aesEncryptCTR,
  Curve,
  derivePairingCodeKey,
  hkdf,
  hmacSign,
  proto,
  S_WHATSAPP_NET,
  WA_ADV_ACCOUNT_SIG_PREFIX,
  WA_ADV_DEVICE_SIG_PREFIX,
} from '@whiskeysockets/baileys';
import type { Account, Linked } from './account.ts';
import type { Line } from './line.ts';
import type { Hello } from './noise.ts';
import { isSignedBy } from './signature.ts';
import { bytesOf, child, holding, type Stanza, stanza } from './wire.ts';

const REFS = 6;

/** A device that is connected and not linked yet. */
export class Pairing {
  readonly line: Line;
  #account: Account;
  readonly #linked: Linked;
  readonly #refs = Array.from({ length: REFS }, () => randomBytes(12).toString('base64url'));
  #details: Uint8Array = Buffer.alloc(0);
  /** Pairing by code: what the bot said first, its ephemeral key and the handset's. */
  #hello: Stanza | undefined;
  #companion: Uint8Array = Buffer.alloc(0);
  readonly #ephemeral = Curve.generateKeyPair();

  readonly #asksAgain: boolean;

  /** `asksAgain`: whether a device that is linked now is told to come again. */
  constructor(line: Line, account: Account, { staticKey, payload }: Hello, asksAgain: boolean) {
    const data = payload.devicePairingData;
    this.line = line;
    this.#asksAgain = asksAgain;
    this.#account = account;
    this.#linked = {
      device: account.devices + 1,
      noiseKey: staticKey,
      registration: Buffer.from(data?.eRegid ?? []),
      identity: Buffer.from(data?.eIdent ?? []),
      signedPreKey: stanza('skey', {}, [
        holding('id', data?.eSkeyId ?? ''),
        holding('value', data?.eSkeyVal ?? ''),
        holding('signature', data?.eSkeySig ?? ''),
      ]),
      preKeys: [],
      greeted: false,
    };
    const refs = this.#refs.map((ref) => holding('ref', ref));
    line.send(
      stanza('iq', { from: S_WHATSAPP_NET, type: 'set', id: 'pair-device' }, [
        stanza('pair-device', {}, refs),
      ]),
    );
  }

  /** The handset that scans is that of another number. */
  belongsTo(account: Account): void {
    this.#account = account;
    this.#linked.device = account.devices + 1;
  }

  get hasAskedForCode(): boolean {
    return this.#hello !== undefined;
  }

  /** The handset's camera: reference, noise key, identity key, secret, kind of device. */
  scans(qr: string): void {
    const [ref = '', noiseKey = '', identity = '', secret = ''] = qr.slice(qr.indexOf('#') + 1).split(',');
    if (!this.#refs.includes(ref)) throw new Error('this QR is not of this connection');
    if (!this.#linked.noiseKey.equals(Buffer.from(noiseKey, 'base64'))) throw new Error('another noise key');
    if (!this.#linked.identity.equals(Buffer.from(identity, 'base64'))) throw new Error('another identity');
    this.#succeed(Buffer.from(secret, 'base64'));
  }

  /** `link_code_companion_reg` of the bot: first its wrapped key, at the end the bundle. */
  linkCode(iq: Stanza): Stanza[] {
    const said = child(iq, 'link_code_companion_reg');
    if (said?.attrs.stage === 'companion_finish') {
      this.#succeed(this.#unwrap(bytesOf(said, 'link_code_pairing_wrapped_key_bundle')));
      return [];
    }
    this.#hello = said;
    const ref = holding('link_code_pairing_ref', this.#refs[0] ?? '');
    return [stanza('link_code_companion_reg', { stage: 'companion_hello' }, [ref])];
  }

  /** The owner types the letters that the bot shows. */
  async types(code: string): Promise<void> {
    const salt = randomBytes(32);
    const iv = randomBytes(16);
    const sealed = aesEncryptCTR(this.#ephemeral.public, await derivePairingCodeKey(code, salt), iv);
    this.#companion = await this.#openHello(code);
    const told = stanza('link_code_companion_reg', { stage: 'primary_hello' }, [
      holding('link_code_pairing_ref', this.#refs[0] ?? ''),
      holding('primary_identity_pub', this.#account.handsetIdentity.public),
      holding('link_code_pairing_wrapped_primary_ephemeral_pub', Buffer.concat([salt, iv, sealed])),
    ]);
    const type = 'link_code_companion_reg';
    this.line.send(stanza('notification', { from: S_WHATSAPP_NET, id: 'link-code', type }, [told]));
  }

  /** The bot's ephemeral key, readable with the right letters only. */
  async #openHello(code: string): Promise<Uint8Array> {
    const wrapped = bytesOf(this.#hello, 'link_code_pairing_wrapped_companion_ephemeral_pub');
    const key = await derivePairingCodeKey(code, wrapped.subarray(0, 32));
    return aesDecryptCTR(wrapped.subarray(48), key, wrapped.subarray(32, 48));
  }

  /** The secret that both sides know once the right letters were typed; throws on wrong ones. */
  #unwrap(bundle: Buffer): Buffer {
    const shared = Curve.sharedKey(this.#ephemeral.private, this.#companion);
    const info = 'link_code_pairing_key_bundle_encryption_key';
    const key = Buffer.from(hkdf(shared, 32, { salt: bundle.subarray(0, 32), info }));
    const plain = aesDecryptGCM(bundle.subarray(44), key, bundle.subarray(32, 44), Buffer.alloc(0));
    const identity = Curve.sharedKey(this.#account.handsetIdentity.private, plain.subarray(0, 32));
    return Buffer.from(
      hkdf(Buffer.concat([shared, identity, plain.subarray(64)]), 32, { info: 'adv_secret' }),
    );
  }

  /** Tells the bot its address, with its identity signed by the handset. */
  #succeed(secret: Buffer): void {
    const account = this.#account;
    const { private: key, public: accountSignatureKey } = account.handsetIdentity;
    const details = proto.ADVDeviceIdentity.encode({ rawId: 1, keyIndex: this.#linked.device }).finish();
    this.#details = details;
    const signed = Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, details, this.#linked.identity]);
    const identity = proto.ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey,
      accountSignature: Curve.sign(key, signed),
    }).finish();
    const sealed = proto.ADVSignedDeviceIdentityHMAC.encode({
      details: identity,
      hmac: hmacSign(Buffer.from(identity), secret),
    }).finish();
    const { device } = this.#linked;
    const success = stanza('pair-success', {}, [
      holding('device-identity', sealed),
      stanza('device', { jid: account.jid('number', device), lid: account.jid('lid', device) }),
      stanza('platform', { name: 'android' }),
    ]);
    this.line.send(stanza('iq', { from: S_WHATSAPP_NET, type: 'set', id: 'pair-success' }, [success]));
  }

  /** The bot countersigned: it is linked, and has to come again as a device that logs in (515). */
  finish(reply: Stanza): void {
    const sent = bytesOf(child(reply, 'pair-device-sign'), 'device-identity');
    const { deviceSignature } = proto.ADVSignedDeviceIdentity.decode(sent);
    const { identity } = this.#linked;
    const parts = [WA_ADV_DEVICE_SIG_PREFIX, this.#details, identity, this.#account.handsetIdentity.public];
    if (!isSignedBy(identity, Buffer.concat(parts), deviceSignature ?? Buffer.alloc(0)))
      throw new Error('the bot signed its own identity wrongly');
    this.#account.devices += 1;
    this.#account.linked = this.#linked;
    if (this.#asksAgain) this.line.end(515);
  }
}
