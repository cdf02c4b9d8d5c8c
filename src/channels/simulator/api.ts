/**
 * What the simulator page and the simulator say to each other: the page's gestures (checked with zod by the
 * HTTP routes) and the events a phone shows. Pure: zod only, so that the page may `import type` from here.
 */
import { z } from 'zod';

/** Biggest photo or voice note a simulated phone can send, in bytes. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;
/** Longest text of a simulated phone, in characters: the 20,000 the service takes, and one screen more. */
const MAX_TEXT_LENGTH = 24_000;

/** `defender`, `officer`, `defender-2`: a phone's address on the simulator. */
export const phoneAddress = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

const itemId = z.string().min(1).max(64);
/** A message of the service that this one replies to. */
const quotes = itemId.optional();

/** One gesture of the person who holds the phone. */
export const gesture = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().max(MAX_TEXT_LENGTH), quotes }),
  /** Changes an own message to another text. */
  z.strictObject({ type: z.literal('edit'), id: itemId, text: z.string().max(MAX_TEXT_LENGTH) }),
  /** Presses a button that stands under a message. */
  z.strictObject({ type: z.literal('press'), id: itemId, data: z.string().min(1).max(64) }),
  z.strictObject({
    type: z.literal('file'),
    kind: z.enum(['voice', 'photo']),
    mediaType: z.string().regex(/^(audio|image)\/[a-z0-9.-]{1,40}(;[ a-z0-9="-]{1,40})?$/),
    base64: z.base64().max(Math.ceil((MAX_FILE_BYTES / 3) * 4) + 4),
    seconds: z.number().min(0).max(3_600).optional(),
    caption: z.string().max(1_024).optional(),
    quotes,
  }),
  z.strictObject({
    type: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    quotes,
  }),
  /** A contact of the address book. */
  z.strictObject({
    type: z.literal('card'),
    name: z.string().min(1).max(200),
    number: z.string().min(1).max(40),
    quotes,
  }),
  z.strictObject({ type: z.literal('sticker') }),
  /** Blocks the service, or lets it in again. */
  z.strictObject({ type: z.literal('block'), blocked: z.boolean() }),
  /** Takes this phone off the network, or puts it back: what is sent to it meanwhile is `unreachable`. */
  z.strictObject({ type: z.literal('network'), connected: z.boolean() }),
]);
export type Gesture = z.infer<typeof gesture>;

type Button = { label: string; data: string };

/** What a message shows besides or instead of text. */
export type Attachment =
  | { type: 'file'; kind: 'voice' | 'photo'; seconds?: number }
  | { type: 'location'; latitude: number; longitude: number }
  | { type: 'card'; name: string; number: string }
  | { type: 'sticker' };

/** One message on a phone. */
export type Item = {
  id: string;
  /** `phone`: the person who holds it; `service`: the bot. */
  from: 'phone' | 'service';
  /** ISO 8601. */
  at: string;
  text: string;
  /** Buttons in rows; only under messages of the service. */
  rows?: Button[][];
  attachment?: Attachment;
  /** What it replies to, in words. */
  quotes?: string;
  edited?: true;
  /** The service asked the phone not to make a sound. */
  silent?: true;
  /** An own message whose receipt the service has committed. */
  received?: true;
};

/** What a phone that opens its page is told first: everything, so that a reconnected page is never half right. */
export type Snapshot = {
  type: 'snapshot';
  items: Item[];
  blocked: boolean;
  connected: boolean;
};

/** What changes on a phone afterwards. */
export type PhoneEvent =
  | Snapshot
  | { type: 'message'; item: Item }
  | { type: 'edited'; item: Item }
  | { type: 'deleted'; id: string }
  /** The service has committed what this own message caused. */
  | { type: 'received'; id: string }
  /** A button was pressed; the press is a gesture, not a message. */
  | { type: 'pressed'; id: string; label: string }
  | { type: 'state'; blocked: boolean; connected: boolean };
