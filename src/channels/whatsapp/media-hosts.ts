import type { Hosts } from '../outside.ts';

/**
 * Where WhatsApp keeps the files that people send; a message may name no other place. `usual`: for a message that gives
 * a path alone. Like Baileys' own `WA_CERT_DETAILS` it is an object that a test sets to its own server.
 */
export const MEDIA_HOSTS: { usual: string; hosts: Hosts } = {
  usual: 'https://mmg.whatsapp.net',
  hosts: { names: ['mmg.whatsapp.net', 'mmg-fna.whatsapp.net', '.cdn.whatsapp.net', '.fna.whatsapp.net'] },
};
