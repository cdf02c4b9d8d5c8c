/** What the handset that owns the number tells its linked device: at first a settings key, and no history. */
import { deflateSync } from 'node:zlib';
import { encodeBigEndian, proto, S_WHATSAPP_NET } from '@whiskeysockets/baileys';
import type { Account } from './account.ts';
import type { MediaHost } from './media.ts';
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
  for (const protocolMessage of told)
    await tells(account, t, `GREETING${protocolMessage.type}`, protocolMessage);
}

/** Says where a file lies with what was said in earlier chats. */
export async function tellHistory(account: Account, media: MediaHost, t: string): Promise<void> {
  const { RECENT } = proto.HistorySync.HistorySyncType;
  const history = deflateSync(proto.HistorySync.encode({ syncType: RECENT }).finish());
  await tells(account, t, `HISTORY${t}`, {
    type: Type.HISTORY_SYNC_NOTIFICATION,
    historySyncNotification: { syncType: RECENT, ...(await media.put(history, 'md-msg-hist')) },
  });
}

/** Says that the owner has changed settings, which lie in a file. */
export async function tellSettings(account: Account, media: MediaHost, t: string): Promise<void> {
  account.settings = await media.put(proto.SyncdSnapshot.encode({}).finish(), 'md-app-state');
  const attributes = { id: `SETTINGS${t}`, from: S_WHATSAPP_NET, type: 'server_sync', t };
  account.deliver(
    stanza('notification', attributes, [stanza('collection', { name: 'regular', version: '2' })]),
  );
}

async function tells(
  account: Account,
  t: string,
  id: string,
  protocolMessage: proto.Message.IProtocolMessage,
): Promise<void> {
  const enc = await account.handset.encrypts(account.jid('lid'), { protocolMessage });
  const attributes = { id, type: 'text', category: 'peer', t, from: account.jid('number', 0) };
  account.deliver(stanza('message', attributes, [enc]));
}
