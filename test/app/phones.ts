/** Phones in memory behind the port of `src/channels/channel.ts`; how the messenger answers is scripted. */
import type { Channel, OutgoingMessage, SendResult } from '../../src/channels/channel.ts';
import { TELEGRAM_CAPABILITIES } from '../../src/channels/telegram/capabilities.ts';

/** One call of the deliver cycle. `targetRef`: of the message that is edited or retracted. */
export type Call = {
  address: string;
  action: 'send' | 'edit' | 'retract';
  message: OutgoingMessage;
  targetRef?: string;
};

/** What the messenger does with one call; `arrive` lets it reach the phone and returns the message's reference. */
export type Answer = (arrive: () => string, call: Call) => Promise<SendResult>;

export const accepted: Answer = async (arrive) => ({ ok: true, messageRef: arrive() });
const refused =
  (reason: Extract<SendResult, { ok: false }>): Answer =>
  async () =>
    reason;
export const unreachable = refused({ ok: false, reason: 'unreachable', code: 'ECONNREFUSED' });
export const blocked = refused({ ok: false, reason: 'blocked' });
export const rejected = refused({ ok: false, reason: 'rejected', code: '400' });
export const rateLimited = (retryAfterSeconds: number): Answer =>
  refused({ ok: false, reason: 'rate_limited', retryAfterSeconds });
/** The message arrives, its answer does not. */
export const arrivedUnanswered: Answer = async (arrive) => {
  arrive();
  return { ok: false, reason: 'ambiguous', code: 'ETIMEDOUT' };
};
export const lostUnanswered = refused({ ok: false, reason: 'ambiguous', code: 'ETIMEDOUT' });
export const throws: Answer = async () => {
  throw new Error('the adapter broke');
};

/** A call that hangs until it is let go: the process is slow, or (never let go) it died. */
export function hanging() {
  const begun = Promise.withResolvers<void>();
  const freed = Promise.withResolvers<Answer>();
  const answer: Answer = async (arrive, call) => {
    begun.resolve();
    return (await freed.promise)(arrive, call);
  };
  return { answer, begun: begun.promise, letGo: (as: Answer = accepted) => freed.resolve(as) };
}

export function createPhones() {
  const calls: Call[] = [];
  const arrivals: Call[] = [];
  const screens = new Map<string, Map<string, string>>();
  const scripts = new Map<string, Answer[]>();
  let otherwise = accepted;

  function arrive(call: Call): string {
    arrivals.push(call);
    const screen = screens.get(call.address) ?? new Map<string, string>();
    screens.set(call.address, screen);
    const ref = call.targetRef ?? `ref-${arrivals.length}`;
    if (call.action === 'retract') screen.delete(ref);
    else screen.set(ref, call.message.text);
    return ref;
  }

  const take = (call: Call): Promise<SendResult> => {
    calls.push(call);
    const answer = scripts.get(call.address)?.shift() ?? otherwise;
    return answer(() => arrive(call), call);
  };

  const channel: Channel = {
    kind: 'telegram',
    can: TELEGRAM_CAPABILITIES,
    start: async () => {},
    stop: async () => {},
    send: (address, message) => take({ address, action: 'send', message }),
    edit: (address, targetRef, message) => take({ address, action: 'edit', message, targetRef }),
    retract: (address, targetRef) => take({ address, action: 'retract', message: { text: '' }, targetRef }),
    fetchFile: async () => ({ ok: false, reason: 'gone', code: 'none' }),
    health: () => ({ state: 'up', since: new Date(0) }),
  };

  return {
    channel,
    /** Everything the messenger was asked to do, in order. */
    calls,
    /** How the messenger answers the next calls for this address; after them it accepts. */
    script(address: string, ...answers: Answer[]): void {
      scripts.set(address, [...(scripts.get(address) ?? []), ...answers]);
    },
    /** How it answers where nothing is scripted. */
    answerAllWith(answer: Answer): void {
      otherwise = answer;
    },
    /** Texts of new messages that reached this phone, or all phones, in order of arrival. */
    received: (address?: string): string[] =>
      arrivals
        .filter((each) => each.action === 'send' && (address === undefined || each.address === address))
        .map((each) => each.message.text),
    /** What stands on this phone now. */
    screen: (address: string): string[] => [...(screens.get(address)?.values() ?? [])],
  };
}
