/** The WhatsApp channel on real PostgreSQL and the fake server; what comes through it is kept in a list. */
import type { Channel, Fate, IncomingMessage } from '../../../src/channels/channel.ts';
import { createWhatsappChannel } from '../../../src/channels/whatsapp/whatsapp-channel.ts';
import { generateKeyringFile, parseKeyring } from '../../../src/crypto/keyring.ts';
import { captureConsole, createLog } from '../../../src/kernel/log.ts';
import { createTestDatabase } from '../../database.ts';
import { trust } from '../../fakes/whatsapp/trust.ts';
import { startFakeWhatsApp } from '../../fakes/whatsapp/whatsapp.ts';
import { channelParts, link } from '../../linked-number.ts';

export type ChannelRoom = Awaited<ReturnType<typeof openChannelRoom>>;

export async function openChannelRoom({
  perMinute = 10_000,
  disappearAfter = 86_400,
  isForeign = false,
} = {}) {
  const [database, whatsapp] = await Promise.all([createTestDatabase(), startFakeWhatsApp({ isForeign })]);
  const distrust = trust(whatsapp.credentials);
  // libsignal prints keys.
  const release = captureConsole(createLog('silent'));
  const { db } = database;
  const keyring = parseKeyring(generateKeyringFile());
  await link({ db, keyring }, whatsapp);
  const lease = { isHeld: () => true, start: async () => undefined, stop: async () => undefined };
  const came: IncomingMessage[] = [];
  const fates: Fate[] = [];
  let channel: Channel | undefined;
  const room = {
    whatsapp,
    database,
    came,
    fates,
    /** What was received, by sender. */
    of: (address: string) => came.filter((message) => message.address === address),
    /** Sends words to a person; resolves with the channel's answer. */
    send: (address: string, text: string, urgent = false) =>
      room.channel().send(address, { text, urgent }, AbortSignal.timeout(30_000)),
    channel: (): Channel => {
      if (!channel) throw new Error('the channel is not running');
      return channel;
    },
    async starts(): Promise<void> {
      channel = createWhatsappChannel({
        ...channelParts({ db, keyring }, lease),
        log: createLog('silent'),
        socketUrl: whatsapp.url,
        perMinute,
        disappearAfter,
        connection: { lookMs: 50 },
      });
      await channel.start(
        async (message) => void came.push(message),
        (told) => void fates.push(...told),
      );
      await whatsapp.isReady();
    },
    async stops(): Promise<void> {
      await channel?.stop();
      channel = undefined;
    },
    async close(): Promise<void> {
      await channel?.stop();
      distrust();
      release();
      await whatsapp.close();
      await database.close();
    },
  };
  await room.starts();
  return room;
}
