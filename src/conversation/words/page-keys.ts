/** The pages in a browser, and every text of theirs: by page (`locales/<language>/<page>.yaml`) and key. */
import { CONSOLE_KEYS, WORKER_KEYS } from './console-keys.ts';
import { LINKING_KEYS } from './linking-keys.ts';
import { SIMULATOR_KEYS } from './simulator-keys.ts';

export const PAGE_KEYS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  console: { ...CONSOLE_KEYS, ...WORKER_KEYS },
  linking: LINKING_KEYS,
  simulator: SIMULATOR_KEYS,
};
