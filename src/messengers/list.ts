/** The messengers that people write to us on. Everything else learns of them from here: `messenger.ts`. */
import type { MessengerKeeping } from '../app/reporters/forget.ts';
import type { Messenger } from './messenger.ts';
import { telegram } from './telegram/telegram.ts';
import { whatsapp } from './whatsapp/whatsapp.ts';

export const MESSENGERS: readonly Messenger[] = [telegram, whatsapp];

/** What they keep in tables of their own. */
export const keepingOf = (messengers = MESSENGERS): MessengerKeeping[] =>
  messengers.flatMap(({ keeping }) => keeping ?? []);

/** What turns a live service on, for the operator. */
export const whatTurnsOn = (messengers = MESSENGERS): string =>
  messengers.map(({ settings }) => settings.turnsOn).join(' or ');
