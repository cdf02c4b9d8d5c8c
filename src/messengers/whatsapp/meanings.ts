/** What the codes of the WhatsApp connection mean, and what to do about them. No Baileys in here: `doctor` reads it. */
import { TOOL } from '../../kernel/tool.ts';

type Meaning = { words: string; mend?: string };

const BY_ITSELF = 'it comes back by itself';

const CODES: Readonly<Record<string, Meaning>> = {
  none: { words: 'the connection ended', mend: BY_ITSELF },
  '401': {
    words: 'the handset has unlinked us',
    mend: `${TOOL} whatsapp unlink, then pair; who has the handset?`,
  },
  '402': { words: 'the number is banned for a while', mend: 'read what WhatsApp says on the handset' },
  '403': { words: 'the number is blocked', mend: 'read what WhatsApp says on the handset' },
  '405': { words: 'this program is too old for WhatsApp', mend: 'install the new version' },
  '406': { words: 'the number is banned', mend: 'read what WhatsApp says on the handset' },
  '408': { words: 'WhatsApp did not answer in time', mend: `see the network; ${BY_ITSELF}` },
  '411': { words: 'the handset has unlinked us', mend: `${TOOL} whatsapp unlink, then pair` },
  '428': { words: 'the connection was cut', mend: `see the network; ${BY_ITSELF}` },
  '440': { words: 'another program uses this session', mend: 'stop it, then start the service again' },
  '500': { words: 'WhatsApp ended the connection', mend: BY_ITSELF },
  '503': { words: 'WhatsApp is not available', mend: BY_ITSELF },
  ack_463: {
    words: 'WhatsApp refused a message: the number may not write to everybody',
    mend: 'read what WhatsApp says on the handset; call who gets no answer',
  },
};

/** A close code, or `ack_` and the code by which a message was refused. */
export function meaningOf(code: string): Meaning {
  const known = CODES[code];
  if (known) return known;
  return code.startsWith('ack_')
    ? { words: 'WhatsApp refused a message' }
    : { words: 'the connection ended', mend: BY_ITSELF };
}

/** Why it stopped for good. */
export const STOPPED_BY: Readonly<Record<string, Meaning>> = {
  logged_out: {
    words: 'the handset has unlinked us',
    mend: `${TOOL} whatsapp unlink, then ${TOOL} whatsapp pair`,
  },
  replaced: {
    words: 'another program uses this session',
    mend: `stop it and start the service again; if nobody knows it: ${TOOL} whatsapp unlink, then pair`,
  },
  refused: {
    words: 'WhatsApp has blocked or limited the number',
    mend: 'read what WhatsApp says on the handset',
  },
  outdated: { words: 'this program is too old for WhatsApp', mend: 'install the new version' },
};
