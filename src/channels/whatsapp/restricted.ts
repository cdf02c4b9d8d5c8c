/** WhatsApp restricts a number: it stays connected, and some of what it sends is refused. Without Baileys, for `doctor`. */
import { hours } from '../../kernel/time.ts';

/** What it says to a message that the number may not send: the account may not write to people who do not know it. */
const RESTRICTED = 'ack_463';
/** Milliseconds for which a number counts as restricted after one of these. */
const FOR = hours(1);

/** The last refusal of a message, `agoMs` before now. */
export const isRestrictedBy = (code: string, agoMs: number): boolean => code === RESTRICTED && agoMs < FOR;
