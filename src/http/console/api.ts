/**
 * What the console and the service say to each other: one schema for each request, shared with the browser.
 *
 * Bytes travel as base64. Nothing of Node here: the browser's program checks with the same schemas.
 */
import { z } from 'zod';
import { subscription } from '../../channels/push/subscription.ts';
import { LEVELS, OUTCOMES, PHRASES, ROLES, type Role } from '../../kernel/vocabulary.ts';

const base64 = z.base64().max(400_000);
const reference = z.string().regex(/^[A-Z]{4}-\d{4}$/);
const fingerprint = z.string().regex(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
/** As WebAuthn gives it: checked by the library that knows it. */
const credential = z.looseObject({ id: z.string().max(2_000), response: z.looseObject({}) });

export const requests = {
  beginJoining: z.strictObject({ code: z.string().max(100) }),
  join: z.strictObject({
    code: z.string().max(100),
    response: credential,
    recipient: z.string().max(4_000),
    wrappedBy: z.enum(['prf', 'passphrase']),
    wrappedSecret: base64,
  }),
  beginSigningIn: z.strictObject({}),
  signIn: z.strictObject({ response: credential }),
  oneLanguage: z.strictObject({ language: z.string().regex(/^[a-z]{2,3}$/) }),
  oneCase: z.strictObject({ reference }),
  afterCase: z.strictObject({ after: z.string().regex(/^([A-Z]{4}-\d{4})?$/) }),
  oneFile: z.strictObject({ reference, id: z.uuid() }),
  oneInvitation: z.strictObject({ id: z.uuid() }),
  oneMember: z.strictObject({ id: z.uuid() }),
  oneDevice: z.strictObject({ id: z.uuid() }),
  oneSession: z.strictObject({ id: z.uuid() }),
  decide: z.discriminatedUnion('do', [
    z.strictObject({ do: z.enum(['take', 'take_again', 'cannot', 'release', 'seen']) }),
    z.strictObject({
      do: z.literal('close'),
      outcome: z.enum(OUTCOMES),
    }),
    z.strictObject({ do: z.literal('hand_over'), to: z.uuid() }),
    z.strictObject({
      do: z.literal('phones'),
      only: z
        .string()
        .regex(/^[0-9a-f]{8}$/)
        .optional(),
    }),
    z.strictObject({ do: z.literal('phrase'), phrase: z.enum(PHRASES) }),
  ]),
  /** A lower level has a reason, sealed by the browser to this place of the case. */
  level: z.strictObject({
    level: z.enum(LEVELS),
    reason: z.strictObject({ place: z.int().min(0), ciphertext: base64 }).optional(),
  }),
  reply: z.strictObject({
    text: z.string().trim().min(1).max(2_000),
    place: z.int().min(0),
    ciphertext: base64,
  }),
  invite: z.strictObject({
    name: z.string().trim().min(1).max(80),
    role: z.enum(ROLES),
    officerId: z.uuid().optional(),
  }),
  grant: z.strictObject({ sealed: base64, fingerprint }),
  teamKey: z.strictObject({
    recipient: z.string().max(4_000),
    vouchedBy: fingerprint,
    voucher: base64,
    sealed: base64,
  }),
  afterWrap: z.strictObject({ after: z.union([z.uuid(), z.literal('')]) }),
  wraps: z.strictObject({
    wraps: z.array(z.strictObject({ id: z.uuid(), wrapped: base64 })).max(100),
  }),
  push: subscription,
  /** The word out of a sealed test case, and what came with it. */
  openingTrial: z.strictObject({ id: z.uuid(), word: z.string().max(100), hash: base64 }),
  linkDevice: z.strictObject({ response: credential, wrappedSecret: base64 }),
} as const;

export type Requests = { [name in keyof typeof requests]: z.input<(typeof requests)[name]> };

/** The member who is signed in, and what their browser needs to open cases. */
export type Me = {
  id: string;
  name: string;
  role: Role;
  /** Whether they can take alerts: they are an officer too. */
  isPaged: boolean;
  /** The team's secret key, sealed to this member; while it is being changed there are two. */
  grants: { fingerprint: string; sealed: string }[];
  /** Keys that follow another, and who vouches for them. */
  keys: { fingerprint: string; recipient: string; vouchedBy: string; voucher: string }[];
  /** Public half of the team's key that the operator pinned, and what people compare aloud. */
  team: { recipient: string; fingerprint: string };
  /**
   * Public halves of the server's signing keys, newest first, base64; each but the oldest is signed by the one before it
   * (`signedBy`, the key's id; `signature`, base64; `crypto/signing-keys.ts`).
   */
  signing: {
    keyId: string;
    publicKey: string;
    fingerprint: string;
    signedBy?: string;
    signature?: string;
  }[];
};
