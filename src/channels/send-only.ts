/**
 * What the channels that only carry pages have in common: nothing comes in, nothing that was sent can be changed, and
 * they work as long as the last sends did.
 */
import type {
  Capabilities,
  Channel,
  ChannelHealth,
  ChannelKind,
  OutgoingMessage,
  SendResult,
} from './channel.ts';

/** Sends that failed in a row before the channel counts as down. */
const DOWN_AFTER = 3;

const NOTHING: Capabilities = {
  buttons: false,
  editText: false,
  deleteOwn: false,
  deleteTheirs: false,
  silent: false,
  maxTextLength: 2_000,
  maxButtonData: 0,
  maxFileBytes: 0,
  isOneWay: true,
};

export type Send = (address: string, message: OutgoingMessage, signal: AbortSignal) => Promise<SendResult>;

export function createSendOnly(
  kind: ChannelKind,
  options: {
    can?: Partial<Capabilities>;
    send: Send;
    /** Codes of refusals that are about our account and so about every address: no credit, a wrong key. */
    accountFaults?: readonly string[];
    /** A code if the other side does not answer. */
    probe?: (signal: AbortSignal) => Promise<string | undefined>;
  },
): Channel {
  let health: ChannelHealth = { state: 'up', since: new Date() };
  let failures = 0;
  const { probe, accountFaults = [] } = options;

  /** Whoever refuses one address is there all the same. */
  const note = (result: SendResult): SendResult => {
    const isThere =
      result.ok ||
      result.reason === 'blocked' ||
      (result.reason === 'rejected' && !accountFaults.includes(result.code));
    failures = isThere ? 0 : failures + 1;
    const state = failures >= DOWN_AFTER ? 'down' : 'up';
    const lastError = !isThere && 'code' in result ? { lastError: result.code } : {};
    health = { state, since: state === health.state ? health.since : new Date(), ...lastError };
    return result;
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
    ...(probe
      ? {
          probe: async (signal: AbortSignal) => {
            const code = await probe(signal);
            note(
              code === undefined ? { ok: true, messageRef: '' } : { ok: false, reason: 'unreachable', code },
            );
            return code;
          },
        }
      : {}),
    health: () => health,
  };
}
