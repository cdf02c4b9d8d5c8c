/**
 * Disappearing messages. We switch them on once for each person; what they choose after that is theirs to choose, and
 * what we send follows it.
 */
import { normalizeMessageContent, type proto } from '@whiskeysockets/baileys';
import { inTurn } from './in-turn.ts';
import type { SessionStore } from './session-store.ts';

const nameOf = (address: string): string => `disappearing/${address}`;

/** Seconds after which messages of this chat go; 0: never, undefined: nobody has said yet. */
export async function timerOf(store: SessionStore, address: string): Promise<number | undefined> {
  const text = (await store.read([nameOf(address)])).get(nameOf(address));
  return text === undefined ? undefined : Number(text);
}

/** A person has set the timer of this chat. */
export function rememberTimer(store: SessionStore, address: string, seconds: number): Promise<void> {
  return inTurn(store, nameOf(address), async () => {
    if ((await timerOf(store, address)) === seconds) return;
    await store.write(new Map([[nameOf(address), String(seconds)]]));
  });
}

/** The timer that a message sets, if that is what it does. */
export function timerIn(message: proto.IMessage): number | undefined {
  const { protocolMessage } = normalizeMessageContent(message) ?? {};
  const isTimer = protocolMessage?.type === EPHEMERAL_SETTING;
  return isTimer ? (protocolMessage.ephemeralExpiration ?? 0) : undefined;
}

/** `proto.Message.ProtocolMessage.Type.EPHEMERAL_SETTING`. */
const EPHEMERAL_SETTING = 3;
