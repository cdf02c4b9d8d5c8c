/** The pages in a browser, and every text of theirs: by page (`locales/<language>/<page>.yaml`) and key. */
import { DIAGNOSIS_KEYS } from '../diagnosis/diagnosis-keys.ts';
import { CONSOLE_KEYS, WORKER_KEYS } from './console-keys.ts';
import { LINKING_KEYS } from './linking-keys.ts';
import { SIMULATOR_KEYS } from './simulator-keys.ts';

export const PAGE_KEYS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  console: { ...CONSOLE_KEYS, ...WORKER_KEYS },
  // Said by the service, and shown in the room.
  diagnosis: DIAGNOSIS_KEYS,
  linking: LINKING_KEYS,
  simulator: SIMULATOR_KEYS,
};
