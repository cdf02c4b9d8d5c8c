/** Text as one SMS: the characters every phone network knows (3GPP TS 23.038), at most 160 of them. */

const GSM =
  '@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const LENGTH = 160;
const INSTEAD: Readonly<Record<string, string>> = {
  '·': '-',
  '–': '-',
  '—': '-',
  '’': "'",
  '«': '"',
  '»': '"',
  '\u00a0': ' ',
  '\u202f': ' ',
  œ: 'oe',
  Œ: 'OE',
};

/**
 * What a network does not know is written without its accent, or left out. What is too long loses its middle: the first
 * line says what it is, the last one what to do.
 */
export function asOneSms(text: string): string {
  const plain = [...text].map(known).join('');
  if (plain.length <= LENGTH) return plain;
  const end = plain.lastIndexOf('\n');
  const last = end > 0 && plain.length - end <= LENGTH / 2 ? plain.slice(end) : '';
  return `${plain.slice(0, LENGTH - 3 - last.length)}...${last}`;
}

function known(character: string): string {
  const found = INSTEAD[character] ?? character;
  if ([...found].every((each) => GSM.includes(each))) return found;
  const bare = character.normalize('NFD').replace(/\p{M}/gu, '');
  return [...bare].every((each) => GSM.includes(each)) ? bare : '';
}
