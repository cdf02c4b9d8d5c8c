/** Where the program's own files lie, wherever it is started from, and which version it is. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
export const LOCALES = `${PROJECT}locales`;

const { version } = JSON.parse(readFileSync(`${PROJECT}package.json`, 'utf8')) as { version: unknown };
export const VERSION = String(version);
