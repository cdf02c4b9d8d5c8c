import { createPushKey } from '../app/keys/push-key.ts';
import { createCallChannel, createSmsChannel } from '../channels/africas-talking/africas-talking.ts';
import type { Channel } from '../channels/channel.ts';
import { createNtfyChannel } from '../channels/ntfy/ntfy-channel.ts';
import { createSimulator, type SimulatorChannel } from '../channels/simulator/simulator.ts';
import { createWebhookChannel } from '../channels/webhook/webhook-channel.ts';
import type { Config } from '../config.ts';
import type { ChannelKind } from '../kernel/vocabulary.ts';
import type { MessengerParts, Opened } from '../messengers/messenger.ts';

type Parts = Omit<MessengerParts, 'timeZone' | 'defaultLanguage' | 'publicUrl'>;

export type Channels = {
  all: ReadonlyMap<ChannelKind, Channel>;
  simulator: SimulatorChannel | undefined;
  /** The messengers that are on, as they were opened. */
  opened: readonly Opened[];
};

/** The channels that the settings ask for: the simulator in trial mode, messengers, and further ways to page officers. */
export async function createChannels(config: Config, parts: Parts): Promise<Channels> {
  const all = new Map<ChannelKind, Channel>();
  const simulator = config.mode === 'trial' ? createSimulator() : undefined;
  if (simulator) all.set('simulator', simulator);
  const { timeZone, defaultLanguage, publicUrl } = config;
  const opened = await Promise.all(
    config.messengers.map(({ messenger, own }) =>
      messenger.open(own, { ...parts, timeZone, defaultLanguage, publicUrl }),
    ),
  );
  for (const { channel } of opened) all.set(channel.kind, channel);
  const { createPushChannel } = await import('../channels/push/push-channel.ts');
  const subject = publicUrl ? new URL(publicUrl).origin : 'mailto:lakana@localhost';
  all.set(
    'push',
    createPushChannel({ key: createPushKey(parts), subject, isLocal: publicUrl === undefined }),
  );
  for (const channel of await pagingChannels(config)) all.set(channel.kind, channel);
  return { all, simulator, opened };
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
