import { createPushKey } from '../app/ground/push-key.ts';
import { createCallChannel, createSmsChannel } from '../channels/africas-talking/africas-talking.ts';
import type { Arriving, Channel } from '../channels/channel.ts';
import { createNtfyChannel } from '../channels/ntfy/ntfy-channel.ts';
import { createSimulator, type SimulatorChannel } from '../channels/simulator/simulator.ts';
import { createTelegramChannel, type TelegramChannel } from '../channels/telegram/telegram-channel.ts';
import { createWebhookChannel } from '../channels/webhook/webhook-channel.ts';
import type { Config } from '../config.ts';
import type { Texts } from '../conversation/words/texts.ts';
import { createLease, type Lease } from '../db/lease.ts';
import type { Log } from '../kernel/log.ts';
import type { ChannelKind } from '../kernel/vocabulary.ts';
import { createUnlinking, createWhatsappNotes } from '../messengers/whatsapp/notes.ts';
import {
  createSentMessages,
  createStagedMessages,
  createWhatsappSession,
  type SessionParts,
} from '../messengers/whatsapp/session.ts';

export type Channels = {
  all: ReadonlyMap<ChannelKind, Channel>;
  telegram: TelegramChannel | undefined;
  simulator: SimulatorChannel | undefined;
  /** Of the process that polls Telegram. */
  lease: Lease | undefined;
};

/** The channels that the settings ask for: the simulator in trial mode, Telegram with its token, WhatsApp. */
export async function createChannels(
  config: Config,
  parts: SessionParts,
  texts: Texts,
  log: Log,
  arriving: Arriving,
): Promise<Channels> {
  const { db } = parts;
  const all = new Map<ChannelKind, Channel>();
  const simulator = config.mode === 'trial' ? createSimulator() : undefined;
  if (simulator) all.set('simulator', simulator);
  const isPolling = config.telegram !== undefined && config.telegram.webhookSecret === undefined;
  const lease = isPolling ? createLease(db, 'telegram', { log }) : undefined;
  const telegram = config.telegram && telegramOf(config, config.telegram, lease, texts, log, arriving);
  if (telegram) all.set('telegram', telegram);
  if (config.whatsapp) {
    // Loaded when it is wanted: Baileys takes memory.
    const { createWhatsappChannel } = await import('../channels/whatsapp/whatsapp-channel.ts');
    const whatsapp = createWhatsappChannel({
      ...config.whatsapp,
      store: createWhatsappSession(parts),
      staged: createStagedMessages(parts),
      sent: createSentMessages(parts),
      lease: createLease(db, 'whatsapp', { log }),
      log,
      arriving,
      unlinking: createUnlinking({ db }),
      notes: createWhatsappNotes({ db, timeZone: config.timeZone }),
    });
    all.set('whatsapp', whatsapp);
  }
  const { createPushChannel } = await import('../channels/push/push-channel.ts');
  const subject = config.publicUrl ? new URL(config.publicUrl).origin : 'mailto:lakana@localhost';
  all.set(
    'push',
    createPushChannel({ key: createPushKey(parts), subject, isLocal: config.publicUrl === undefined }),
  );
  for (const channel of await pagingChannels(config)) all.set(channel.kind, channel);
  return { all, telegram, simulator, lease };
}

/** Further ways to page officers: those that are set, each loaded when it is wanted. */
export async function pagingChannels({ email, ntfy, africasTalking }: Config): Promise<Channel[]> {
  const channels: Channel[] = [createWebhookChannel()];
  if (email) {
    const { createEmailChannel } = await import('../channels/email/email-channel.ts');
    channels.push(createEmailChannel({ url: email.url.reveal(), from: email.from }));
  }
  if (ntfy) {
    const { token } = ntfy;
    channels.push(createNtfyChannel({ url: ntfy.url, ...(token ? { token: token.reveal() } : {}) }));
  }
  if (africasTalking) {
    const options = { ...africasTalking, apiKey: africasTalking.apiKey.reveal() };
    channels.push(createSmsChannel(options));
    const { callFrom } = options;
    if (callFrom) channels.push(createCallChannel({ ...options, callFrom }));
  }
  return channels;
}

function telegramOf(
  config: Config,
  telegram: NonNullable<Config['telegram']>,
  lease: Lease | undefined,
  texts: Texts,
  log: Log,
  arriving: Arriving,
): TelegramChannel {
  return createTelegramChannel({
    token: telegram.token.reveal(),
    apiRoot: telegram.apiRoot,
    mode: lease
      ? { kind: 'polling', lease }
      : {
          kind: 'webhook',
          url: new URL('/telegram/webhook', config.publicUrl).href,
          secret: telegram.webhookSecret?.reveal(),
        },
    log,
    arriving,
    commands: texts.languages.map((language) => ({
      ...(language === config.defaultLanguage ? {} : { language: language as 'fr' | 'en' }),
      commands: ['sos', 'help', 'language', 'status', 'leave'].map((command) => ({
        command,
        description: texts.t(language, `commands.${command}.label`),
      })),
    })),
  });
}
