/** Which text a person was asked: changes with every letter of it, and needs no count. */
import { createHash } from 'node:crypto';
import type { Texts } from './texts.ts';

/** Version of the texts under these keys in a language: 12 hexadecimal digits. */
export function textVersion(texts: Texts, language: string, keys: readonly string[]): string {
  const said = keys.map((key) => (texts.says(language, key) ? texts.t(language, key) : ''));
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 12);
}

/** Everything that is said where consent is asked: both screens, and what helps to answer. */
export const textsOfConsent = (path: string): string[] =>
  ['ask', 'more', 'help'].map((part) => `${path}.${part}`);
