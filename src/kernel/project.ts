/** Where the program's own files lie, wherever it is started from. */
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
export const LOCALES = `${PROJECT}locales`;
