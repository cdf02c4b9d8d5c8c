/** The few things this browser remembers: the page's language and which phone the defender holds. */
import type { Language } from './words.ts';

/** Private windows may forbid storage: then nothing is remembered, and nothing breaks. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Not remembered.
  }
}

export const rememberedLanguage = (): Language => (read('lakana-language') === 'en' ? 'en' : 'fr');
export const rememberLanguage = (language: Language): void => write('lakana-language', language);

/** `defender` at first; after "start again" a number nobody has used. */
export function rememberedDefender(): string {
  const address = read('lakana-defender');
  return address && /^defender(-[a-z0-9]{1,12})?$/.test(address) ? address : 'defender';
}

export function newDefender(): string {
  const number = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const address = `defender-${number.toString(36)}`;
  write('lakana-defender', address);
  return address;
}
