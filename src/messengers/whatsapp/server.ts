import type { AtServer } from '../messenger.ts';
import type { WhatsappSettings } from './settings.ts';

/** What the commands work with. */
export type WhatsappServer = AtServer<WhatsappSettings>;
