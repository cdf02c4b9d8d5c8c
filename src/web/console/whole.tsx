import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { useWords } from './words.ts';

/** Shows what is inside; if that has a shape that nobody foresaw, says so there, and hides nothing else. */
export function Whole({ children }: { children: ComponentChildren }) {
  const { t } = useWords();
  const [error] = useErrorBoundary();
  return error ? <p class="problem">{t('shell.damaged')}</p> : children;
}
