import type { ChannelKind } from '../kernel/vocabulary.ts';

/** How people find the service in a messenger. */
export type Entrance = {
  kind: ChannelKind;
  /** As it is written on a wall: a bot's name, a number. */
  shown: string;
  /** What opens the chat: behind a link, in a QR code. */
  link: string;
};
