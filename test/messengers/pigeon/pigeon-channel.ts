/** The loft behind the port `Channel`. Invariant: the key stands in no result and no log line. */
import type {
  Arriving,
  Capabilities,
  Channel,
  ChannelHealth,
  OutgoingMessage,
  SendResult,
} from '../../../src/channels/channel.ts';
import { accountRefused, callHttp, codeOfRefusal, type Means } from '../../../src/channels/http-call.ts';
import { FILE_PATIENCE, openAsSet } from '../../../src/channels/outside.ts';
import type { Log } from '../../../src/kernel/log.ts';
import { seconds } from '../../../src/kernel/time.ts';
import { type Access, type Become, headersOf, listen } from './listening.ts';
import { jsonOf, type Sending, sentSchema, whoSchema } from './wire.ts';

export const PIGEON_CAPABILITIES: Capabilities = {
  buttons: true,
  editText: true,
  maxTextLength: 4_000,
  maxButtonData: 64,
  maxFileBytes: 10_000_000,
  sendsOnce: true,
  voice: true,
};
export const PIGEON_ACCOUNT = { all: 'PIGEON_KEY', address: 'PIGEON_URL' };

type Options = Access & { lease: { isHeld(): boolean }; arriving: Arriving; log: Log };

/** 410: the person let us go; else as any service refuses an account. */
const means: Means = (status, body) =>
  status === 410 ? { ok: false, reason: 'blocked' } : accountRefused(status, body);

/** What we are called there. */
export async function askWho(
  access: Access,
  signal = AbortSignal.timeout(seconds(5)),
): Promise<{ ok: true; name: string } | { ok: false; code: string }> {
  const answer = await callHttp(`${access.url}/who`, { headers: headersOf(access) }, signal);
  if (!answer.ok) return { ok: false, code: codeOfRefusal(answer) };
  const who = whoSchema.safeParse(jsonOf(answer.body));
  return who.success ? { ok: true, name: who.data.name } : { ok: false, code: 'no_name' };
}

export function createPigeonChannel(options: Options): Channel {
  const { url, lease, log } = options;
  const stopping = new AbortController();
  let listening: Promise<void> = Promise.resolve();
  let health: ChannelHealth = { state: 'starting', since: new Date() };
  const become: Become = (state, more = {}) => {
    health = { state, since: state === health.state ? health.since : new Date(), ...more };
  };

  const post = async (sending: Sending, signal: AbortSignal): Promise<SendResult> => {
    const body = JSON.stringify(sending);
    const answer = await callHttp(`${url}/letters`, { headers: headersOf(options), body }, signal, { means });
    if (!answer.ok) return answer;
    const sent = sentSchema.safeParse(jsonOf(answer.body));
    return sent.success
      ? { ok: true, messageRef: sent.data.id }
      : { ok: false, reason: 'ambiguous', code: 'no_id' };
  };

  return {
    kind: 'pigeon',
    can: PIGEON_CAPABILITIES,
    account: PIGEON_ACCOUNT,
    async start(receive) {
      listening = listen({ ...options, receive, become, signal: stopping.signal });
      log.info('channel_started', { channel: 'pigeon' });
    },
    async stop() {
      stopping.abort();
      await listening;
    },
    send: (to, message, signal) => post(letterTo(to, message), signal),
    edit: (to, change, message, signal) => post({ ...letterTo(to, message), change }, signal),
    retract: (to, change, signal) => post({ to, text: '', change }, signal),
    async fetchFile({ ref }, signal) {
      try {
        const opened = await openAsSet(
          `${url}/files/${encodeURIComponent(ref)}`,
          { headers: headersOf(options) },
          { signal, patience: FILE_PATIENCE },
        );
        if (opened.status === 200) return { ok: true, stream: ReadableStream.from(opened.body) };
        opened.close();
        return { ok: false, reason: opened.status === 404 ? 'gone' : 'unreachable', code: 'no_file' };
      } catch {
        return { ok: false, reason: 'unreachable', code: 'no_file' };
      }
    },
    health: () => (lease.isHeld() ? health : { ...health, isStandby: true }),
    async probe(signal) {
      const who = await askWho(options, signal);
      return who.ok ? undefined : who.code;
    },
  };
}

const letterTo = (to: string, { text, rows, key, voice }: OutgoingMessage): Sending => ({
  to,
  text,
  ...(voice ? { voice: { bytes: Buffer.from(voice.bytes).toString('base64'), seconds: voice.seconds } } : {}),
  ...(rows && rows.length > 0 ? { choices: rows } : {}),
  ...(key ? { key } : {}),
});
