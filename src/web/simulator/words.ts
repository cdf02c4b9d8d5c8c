/** The page's own words, of `locales/<language>/simulator.yaml`. What the service says comes from the service. */
import { files, languages } from 'virtual:words/simulator';
import type { SIMULATOR_KEYS } from '../../conversation/words/simulator-keys.ts';
import { createPageWords, type Say } from '../page-words.ts';

export const words = createPageWords<typeof SIMULATOR_KEYS>({ languages, files }, ['page', 'phone']);
export const { useWords, WordsProvider } = words;
export type T = Say<typeof SIMULATOR_KEYS>;
