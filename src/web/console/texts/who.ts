/** Who did something to a text, in words. */
import type { SaidBy } from '../../../contract/texts.ts';
import type { T } from '../words.ts';

export function sayWho(t: T, { is, name }: SaidBy): string {
  if (is === 'me') return t('texts.you');
  return is === 'operator' ? t('texts.operator') : (name ?? t('texts.another'));
}
