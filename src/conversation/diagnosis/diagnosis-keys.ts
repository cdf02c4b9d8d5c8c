/**
 * Every text of `locales/<language>/diagnosis.yaml`: what `doctor` says of the service, in a terminal and in the room *État*. They
 * are words of the house for those who answer for it, and like those of a page in a browser no installation changes them.
 */
import { HOUSE_KEYS } from './house-keys.ts';
import { MACHINE_KEYS } from './machine-keys.ts';

export const DIAGNOSIS_KEYS = { ...MACHINE_KEYS, ...HOUSE_KEYS };
