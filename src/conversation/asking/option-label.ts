/** The names of options. */
import type { PlacedStep } from '../flows/compile.ts';
import { hasText, LANGUAGE, text, type View } from './turn.ts';

/** What one code is called in the reporter's language. */
export function labelOf(view: View, placed: PlacedStep, code: string): string {
  if (placed.id === LANGUAGE && placed.flow === 'menu') return view.deps.texts.t(code, 'language.name');
  const own = `${placed.path}.options.${code}`;
  if (hasText(view, own)) return text(view, own);
  if ('list' in placed.step && placed.step.list) return text(view, `lists.${placed.step.list}.${code}`);
  return text(view, `commands.${code}.label`);
}
