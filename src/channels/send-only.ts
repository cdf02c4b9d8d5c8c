/**
 * What the channels that only carry pages have in common: nothing comes in, nothing that was sent can be changed, and
 * they work as long as the last sends did.
 *
 * Invariant: only a send that was accepted, or a check made with the rights of a send, makes a channel well again, and a
 * check only of what it would have shown.
 */
import type { ChannelKind } from '../kernel/vocabulary.ts';
import {
  ACCOUNT_FAULTS,
  type AccountFault,
  type Capabilities,
  type Channel,
  type ChannelHealth,
  type OutgoingMessage,
  type SendResult,
} from './channel.ts';

/** Sends that failed in a row before the channel counts as down. */
const DOWN_AFTER = 3;

const NOTHING: Capabilities = {
  buttons: false,
  editText: false,
  maxTextLength: 2_000,
  maxButtonData: 0,
  maxFileBytes: 0,
  isOneWay: true,
};

export type Send = (address: string, message: OutgoingMessage, signal: AbortSignal) => Promise<SendResult>;

/**
 * What the other side said when it was asked. `proves`: faults of the account that its yes rules out; `isLikeSend`: it went
 * as far as a send goes.
 */
export type Asked =
  | { ok: true; proves: readonly AccountFault[]; isLikeSend?: true }
  | { ok: false; code: string; fault?: AccountFault };

export function createSendOnly(
  kind: ChannelKind,
  options: {
    can?: Partial<Capabilities>;
    send: Send;
    /** Asks the other side, with our key, something that changes nothing and reaches nobody. */
    ask?: (signal: AbortSignal) => Promise<Asked>;
  },
): Channel {
  let health: ChannelHealth = { state: 'up', since: new Date(), proves: [] };
  let failures = 0;
  /** One of those failures was a message that was taken and not answered: that a line is open does not mend it. */
  let isUnanswered = false;
  const { ask } = options;

  const become = (now: Pick<ChannelHealth, 'lastError' | 'fault' | 'proves'>): void => {
    const state = now.fault || failures >= DOWN_AFTER ? 'down' : 'up';
    const since = state === health.state ? health.since : new Date();
    health = { state, since, proves: [], ...now };
  };
  const isThere = (): void => {
    failures = 0;
    isUnanswered = false;
  };
  const failed = (code: string | undefined, fault: AccountFault | undefined): void => {
    failures += 1;
    // A fault that is known is not over because the line was cut since.
    const known = fault ?? health.fault;
    become({ ...(code ? { lastError: code } : {}), ...(known ? { fault: known } : {}) });
  };

  const note = (result: SendResult): SendResult => {
    if (result.ok) {
      isThere();
      become({ proves: ACCOUNT_FAULTS });
    } else if (result.reason === 'blocked' || result.reason === 'rejected') {
      // A carrier that refuses one address is there all the same, which says nothing of a fault that is known.
      isThere();
      const { lastError, fault, proves = [] } = health;
      become(fault ? { fault, ...(lastError ? { lastError } : {}) } : { proves });
    } else {
      isUnanswered ||= result.reason === 'ambiguous';
      const code = 'code' in result ? result.code : undefined;
      failed(code, result.reason === 'account' ? result.fault : undefined);
    }
    return result;
  };

  const probe = async (asking: NonNullable<typeof ask>, signal: AbortSignal): Promise<string | undefined> => {
    const said = await asking(signal);
    if (!said.ok) {
      failed(said.code, said.fault);
      return said.code;
    }
    // It answers, and what was refused may be refused all the same.
    if (health.fault && !said.proves.includes(health.fault)) return undefined;
    if (isUnanswered && !said.isLikeSend) return undefined;
    isThere();
    become({ proves: [...new Set([...(health.proves ?? []), ...said.proves])] });
    return undefined;
  };

  return {
    kind,
    can: { ...NOTHING, ...options.can },
    start: async () => undefined,
    stop: async () => undefined,
    send: async (address, message, signal) => note(await options.send(address, message, signal)),
    edit: async () => ({ ok: false, reason: 'rejected', code: 'cannot_edit' }),
    retract: async () => ({ ok: false, reason: 'rejected', code: 'cannot_retract' }),
    fetchFile: async () => ({ ok: false, reason: 'gone', code: 'no_files' }),
    ...(ask ? { probe: (signal: AbortSignal) => probe(ask, signal) } : {}),
    health: () => health,
  };
}
