/** What the handset that owns the number tells a device it has just linked: a settings key, and no history. */
import { deflateSync } from 'node:zlib';
import { encodeBigEndian, proto } from '@whiskeysockets/baileys';
import type { Account } from './account.ts';
import { stanza } from './wire.ts';

const { Type } = proto.Message.ProtocolMessage;

export async function greet(account: Account, t: string): Promise<void> {
  const { handset, linked } = account;
  if (!linked || linked.greeted) return;
  linked.greeted = true;
  const bot = account.jid('lid');
  await handset.meets(bot, account.bundle());
  const { INITIAL_BOOTSTRAP } = proto.HistorySync.HistorySyncType;
  const history = deflateSync(proto.HistorySync.encode({ syncType: INITIAL_BOOTSTRAP }).finish());
  const keyData = {
    keyData: Buffer.alloc(32, 7),
    timestamp: Number(t),
    fingerprint: { rawId: 1, currentIndex: 1 },
  };
  const told: proto.Message.IProtocolMessage[] = [
    {
      type: Type.APP_STATE_SYNC_KEY_SHARE,
      appStateSyncKeyShare: { keys: [{ keyId: { keyId: encodeBigEndian(1, 6) }, keyData }] },
    },
    {
      type: Type.HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: { syncType: INITIAL_BOOTSTRAP, initialHistBootstrapInlinePayload: history },
    },
  ];
  for (const protocolMessage of told) {
    const attributes = { id: `GREETING${protocolMessage.type}`, type: 'text', category: 'peer', t };
    const enc = await handset.encrypts(bot, { protocolMessage });
    account.deliver(stanza('message', { ...attributes, from: account.jid('number', 0) }, [enc]));
  }
}
