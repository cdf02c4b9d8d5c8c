import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Has Node keep what it compiled, so that the next start is a third shorter: an operator who types a command, or waits
 * after a power cut, waits less. In the project's own folder, where nobody else of the machine may write; without the
 * right to write there, nothing is kept. To be called before anything big is imported.
 */
export function keepCompiled(): void {
  enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)));
}
