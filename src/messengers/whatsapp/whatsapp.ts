/** WhatsApp in the list of messengers. Baileys is large: what needs it is loaded when it is wanted. */
import { WHATSAPP_CAPABILITIES } from '../../channels/whatsapp/capabilities.ts';
import type { Messenger } from '../messenger.ts';
import { addWhatsappCommands } from './commands.ts';
import { entrance } from './entrance.ts';
import { keeping } from './keeping.ts';
import { type WhatsappSettings, whatsappSettings } from './settings.ts';

export const whatsapp: Messenger<WhatsappSettings> = {
  kind: 'whatsapp',
  can: WHATSAPP_CAPABILITIES,
  settings: whatsappSettings,
  keeping,
  entrance,
  async open(settings, parts) {
    return (await import('./open.ts')).openWhatsapp(settings, parts);
  },
  async databaseChecks(settings, at) {
    return settings ? (await import('./checks.ts')).whatsappChecks(at) : [];
  },
  async todo(_settings, at) {
    return (await import('./todo.ts')).todo(at);
  },
  addCommands: addWhatsappCommands,
};
