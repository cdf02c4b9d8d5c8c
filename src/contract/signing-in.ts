/** What is said when a member comes in: joining, signing in, sessions. */
import { z } from 'zod';
import { base64, base64Asked, credentialAsked, fingerprint, id, moment, role, wrappedBy } from './forms.ts';

export const beginJoiningAsked = z.strictObject({ code: z.string().max(100) });
export const joinAsked = z.strictObject({
  code: z.string().max(100),
  response: credentialAsked,
  recipient: z.string().max(4_000),
  wrappedBy,
  wrappedSecret: base64Asked,
});
export const beginSigningInAsked = z.strictObject({});
export const signInAsked = z.strictObject({ response: credentialAsked });

const required = z.enum(['discouraged', 'preferred', 'required']);
const extensions = z.object({ credProps: z.boolean().optional() });

/** What the browser hands to the device to make a passkey (WebAuthn, PublicKeyCredentialCreationOptionsJSON). */
const creationOptions = z.object({
  challenge: z.string(),
  rp: z.object({ name: z.string(), id: z.string().optional() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ alg: z.number(), type: z.literal('public-key') })),
  timeout: z.number().optional(),
  attestation: z.enum(['direct', 'enterprise', 'indirect', 'none']).optional(),
  excludeCredentials: z.array(z.object({ id: z.string(), type: z.string() })).optional(),
  authenticatorSelection: z
    .object({ residentKey: required, userVerification: required, requireResidentKey: z.boolean() })
    .partial()
    .optional(),
  extensions: extensions.optional(),
  hints: z.array(z.enum(['hybrid', 'security-key', 'client-device'])).optional(),
});

/** What the browser hands to the device to sign in (PublicKeyCredentialRequestOptionsJSON): no device is named. */
export const requestOptions = z.object({
  challenge: z.string(),
  rpId: z.string().optional(),
  timeout: z.number().optional(),
  userVerification: required.optional(),
  extensions: extensions.optional(),
});

/** Public half of the team's key that the operator pinned, and what people compare aloud. */
const team = z.object({ recipient: z.string(), fingerprint });

export const joiningBegun = z.object({
  options: creationOptions,
  name: z.string(),
  role,
  team,
  /** For one more device: the member's own key, under the key in the link. */
  wrappedSecret: base64.nullable(),
});

/** Who is signed in, and what their browser needs to open cases. */
export const me = z.object({
  id,
  name: z.string(),
  role,
  /** Whether they can take alerts: they are an officer too. */
  isPaged: z.boolean(),
  /** The team's secret key, sealed to this member; while it is being changed there are two. */
  grants: z.array(z.object({ fingerprint, sealed: base64 })),
  /** Keys that follow another, and who vouches for them. */
  keys: z.array(z.object({ fingerprint, recipient: z.string(), vouchedBy: fingerprint, voucher: base64 })),
  team,
  /**
   * Public halves of the server's signing keys, newest first, base64; each but the oldest is signed by the one before it
   * (`signedBy`, the key's id; `crypto/signing-keys.ts`).
   */
  signing: z.array(
    z.object({
      keyId: z.string(),
      publicKey: base64,
      fingerprint,
      signedBy: z.string().exactOptional(),
      signature: base64.exactOptional(),
    }),
  ),
});
export type Me = z.output<typeof me>;

/** `wrappedSecret`: the member's own key, as the device they signed in with unwraps it. */
export const signedIn = z.object({ me, wrappedBy, wrappedSecret: base64 });

export const session = z.object({ id, createdAt: moment, lastSeenAt: moment, isThis: z.boolean() });
export type Session = z.output<typeof session>;
