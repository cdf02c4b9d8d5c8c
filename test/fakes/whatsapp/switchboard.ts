/** What a connected bot sends, stanza by stanza, and where each goes. */
import { randomBytes } from 'node:crypto';
import { S_WHATSAPP_NET } from '@whiskeysockets/baileys';
import type { Account } from './account.ts';
import type { Changes } from './changes.ts';
import type { Faults } from './faults.ts';
import { greet } from './handset.ts';
import { answerTo, questionOf, type World } from './iqs.ts';
import type { Line } from './line.ts';
import type { Hello } from './noise.ts';
import { Pairing } from './pairing.ts';
import { type Attributes, child, children, type Stanza, stanza, userOf } from './wire.ts';

/** One thing the bot did: the tag of the stanza, or the question of an iq. */
export type Call = { method: string; stanza: Stanza; at: number; account: Account };

type Setting = World & {
  faults: Faults;
  changes: Changes;
  calls: Call[];
  now: () => number;
  /** See `FakeOptions`. */
  isForeign: boolean;
};

export class Switchboard {
  readonly #setting: Setting;
  /** The connection that waits to be linked. */
  pairing: Pairing | undefined;
  /** Questions that nobody here can answer. */
  readonly unanswered: string[] = [];

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  get #account(): Account {
    return this.#setting.account;
  }

  #seconds(): string {
    return String(Math.floor(this.#setting.now() / 1000));
  }

  /** A device came: one to be linked, or the one that is. */
  hello(line: Line, hello: Hello): void {
    const { account, changes } = this.#setting;
    const { linked } = account;
    const fault = this.#strike(line, 'login');
    if (fault === 'stop') return;
    if (typeof fault === 'number') this.#refuse(line, fault);
    else if (hello.payload.devicePairingData) this.#offers(line, hello);
    else if (account.refuses !== undefined) this.#refuse(line, account.refuses);
    else if (!linked?.noiseKey.equals(hello.staticKey)) this.#refuse(line, 401);
    else this.#admit(line);
    if (fault === 'after') line.drop();
    changes.changed();
  }

  #offers(line: Line, hello: Hello): void {
    const { account, isForeign } = this.#setting;
    this.pairing = new Pairing(line, account, hello, !isForeign);
    if (isForeign) line.send(stanza('success', { t: this.#seconds(), props: '0', location: 'fake' }));
  }

  #refuse(line: Line, code: number): void {
    line.send(stanza('failure', { reason: String(code), location: 'fake' }));
    line.end(428);
  }

  /** One connection a device: the older one is told that it was replaced. */
  #admit(line: Line): void {
    const account = this.#account;
    if (account.line?.isOpen) account.overlaps += 1;
    account.line?.end(440);
    account.line = line;
    account.active = false;
    const t = this.#seconds();
    line.send(stanza('success', { t, lid: account.jid('lid'), props: '0', location: 'fake' }));
    const hint = stanza('routing_info', {}, randomBytes(8));
    line.send(stanza('ib', {}, [stanza('edge_routing', {}, [hint])]));
    line.send(stanza('ib', {}, [stanza('dirty', { type: 'account_sync', timestamp: t })]));
  }

  closed(line: Line): void {
    const account = this.#account;
    if (this.pairing?.line === line) this.pairing = undefined;
    if (account.line === line) {
      account.line = undefined;
      account.active = false;
    }
    this.#setting.changes.changed();
  }

  async take(line: Line, sent: Stanza): Promise<void> {
    const question = sent.tag === 'iq' ? questionOf(sent) : '';
    this.#setting.calls.push({
      method: question || sent.tag,
      stanza: sent,
      at: this.#setting.now(),
      account: this.#account,
    });
    const doing = sent.tag === 'iq' ? `iq:${sent.attrs.xmlns}` : sent.tag;
    const fault = this.#strike(line, doing, userOf(sent.attrs.to));
    if (fault === 'stop') return;
    if (sent.tag === 'iq') await this.#iq(line, sent, typeof fault === 'number' ? fault : undefined);
    else if (typeof fault === 'number') this.#acknowledge(line, sent, { error: String(fault) });
    else await this.#route(line, sent, fault === 'after');
    if (fault === 'after') line.drop();
    this.#setting.changes.changed();
  }

  /** Strikes what has to be struck; `stop`: nothing more is done. */
  #strike(line: Line, doing: string, to?: string): number | 'stop' | 'after' | undefined {
    const fault = this.#setting.faults.strike(doing, to);
    if (fault === 'drop') line.drop();
    if (fault === 'drop' || fault === 'hang') return 'stop';
    return fault === 'accept_then_drop' ? 'after' : fault;
  }

  async #iq(line: Line, sent: Stanza, code?: number): Promise<void> {
    if (sent.attrs.type === 'result') {
      if (child(sent, 'pair-device-sign')) this.pairing?.finish(sent);
      return;
    }
    const isLinkCode = this.pairing?.line === line && child(sent, 'link_code_companion_reg');
    if (this.pairing && isLinkCode && code === undefined) {
      const attributes = { from: S_WHATSAPP_NET, id: sent.attrs.id, type: 'result' };
      return line.send(stanza('iq', attributes, this.pairing.linkCode(sent)));
    }
    const answer = await answerTo(sent, this.#setting, code);
    if (answer.attrs.type === 'error' && code === undefined) this.unanswered.push(questionOf(sent));
    line.send(answer);
    if (child(sent, 'active')) this.#preview(line);
    if (child(sent, 'remove-companion-device')) {
      this.#account.linked = undefined;
      line.end(401);
    }
  }

  /** How much waits; the bot then asks for it. */
  #preview(line: Line): void {
    const count = String(this.#account.waiting.length);
    const preview = { count, message: count, receipt: '0', notification: '0' };
    line.send(stanza('ib', {}, [stanza('offline_preview', preview)]));
  }

  async #route(line: Line, sent: Stanza, withoutAck: boolean): Promise<void> {
    const account = this.#account;
    const person = this.#setting.find(userOf(sent.attrs.to));
    if (sent.tag === 'message') await this.#message(sent);
    else if (sent.tag === 'receipt') {
      if (sent.attrs.type !== 'retry') account.settle(sent);
      await person?.hears(sent);
    } else if (sent.tag === 'ack') account.settle(sent);
    else if (sent.tag === 'chatstate' && person) person.botState = stateOf(sent);
    else if (sent.tag === 'call') person?.rejected.add(children(sent)[0]?.attrs['call-id'] ?? '');
    else if (child(sent, 'offline_batch')) {
      account.replay(this.#setting.faults.strike('replay') !== undefined);
      await greet(account, this.#seconds());
    }
    if (!withoutAck && (sent.tag === 'message' || sent.tag === 'call')) this.#acknowledge(line, sent);
  }

  #acknowledge(line: Line, { tag, attrs }: Stanza, more: Attributes = {}): void {
    const of = this.#setting.isForeign ? 'receipt' : tag;
    line.send(stanza('ack', { class: of, id: attrs.id, from: attrs.to, t: this.#seconds(), ...more }));
  }

  /** To every phone its own `<enc>`: the people's and the handset's. */
  async #message(sent: Stanza): Promise<void> {
    const account = this.#account;
    const each = children(child(sent, 'participants'));
    const direct = child(sent, 'enc');
    const copies = direct ? [{ jid: sent.attrs.to, enc: direct }] : each.map(copyOf);
    for (const { jid, enc } of copies) {
      const identity = child(sent, 'device-identity');
      const content = [enc, identity].filter((part) => part !== undefined);
      const copy = { ...stanza('message', { ...sent.attrs, from: account.jid('lid') }), content };
      if (!account.owns(userOf(jid))) await this.#setting.find(userOf(jid))?.receives(copy, account);
      else if (enc) await account.showHandset(enc);
    }
  }
}

function copyOf(to: Stanza): { jid: string | undefined; enc: Stanza | undefined } {
  return { jid: to.attrs.jid, enc: child(to, 'enc') };
}

function stateOf(chatstate: Stanza): string {
  const [state] = children(chatstate);
  return state?.attrs.media === 'audio' ? 'recording' : (state?.tag ?? 'paused');
}
