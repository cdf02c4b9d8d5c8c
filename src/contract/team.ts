/** What is said of the team: members, invitations, devices, the team's key, the audit log. */
import { z } from 'zod';
import { subscription } from '../channels/push/subscription.ts';
import {
  base64,
  base64Asked,
  credentialAsked,
  fingerprint,
  fingerprintAsked,
  id,
  moment,
  reference,
  role,
  wrap,
} from './forms.ts';

/** A member, invitation, device or session, by its id. */
export const one = z.strictObject({ id: z.uuid() });
export const inviteAsked = z.strictObject({
  name: z.string().trim().min(1).max(80),
  role,
  officerId: z.uuid().optional(),
});
export const grantAsked = z.strictObject({ sealed: base64Asked, fingerprint: fingerprintAsked });
export const teamKeyAsked = z.strictObject({
  recipient: z.string().max(4_000),
  vouchedBy: fingerprintAsked,
  voucher: base64Asked,
  sealed: base64Asked,
});
/** Wraps come a page at a time; empty: from the beginning. */
export const afterWrapAsked = z.strictObject({ after: z.union([z.uuid(), z.literal('')]) });
export const wrapsAsked = z.strictObject({
  wraps: z.array(z.strictObject({ id: z.uuid(), wrapped: base64Asked })).max(100),
});
export const pushAsked = subscription;
export const linkDeviceAsked = z.strictObject({ response: credentialAsked, wrappedSecret: base64Asked });

const device = z.object({ id, createdAt: moment, lastUsedAt: moment.nullable() });
export type ListedDevice = z.output<typeof device>;
export const myDevice = device.extend({ isThis: z.boolean() });
export type MyDevice = z.output<typeof myDevice>;

export const listedMember = z.object({
  id,
  name: z.string(),
  role,
  recipient: z.string(),
  /** The server's signature of what stands here (`crypto/member-binding.ts`): before anything is sealed to them. */
  signature: base64.nullable(),
  officerId: id.nullable(),
  isPaged: z.boolean(),
  /** Fingerprints of the team keys they were given: with the one in use they open cases. */
  grants: z.array(fingerprint),
  devices: z.array(device),
});
export type ListedMember = z.output<typeof listedMember>;

/** An officer of the on-call team who is no member yet. */
export const officerToInvite = z.object({ id, name: z.string() });
export type OfficerToInvite = z.output<typeof officerToInvite>;

/** `link` null: a second administrator must say yes first. */
export const invited = z.object({ link: z.string().nullable(), expiresAt: moment });

export const waitingInvitation = z.object({
  id,
  name: z.string(),
  role,
  /** Who made it. */
  by: z.string(),
  isMine: z.boolean(),
  /** A second administrator has said yes, or none has to: its link can be shown to its maker. */
  isReady: z.boolean(),
  expiresAt: moment,
});
export type WaitingInvitation = z.output<typeof waitingInvitation>;

/** The code of a link by which a member adds a device. */
export const deviceLink = z.object({ code: z.string(), expiresAt: moment });

/** The browser's subscription as it is held for a device. `endpoint`: SHA-256 of its address. */
const heldPush = z.object({ endpoint: base64, isDead: z.boolean() });
export type HeldPush = z.output<typeof heldPush>;
export const myPushes = z.object({ publicKey: z.string(), held: heldPush.nullable() });

export const teamKeyState = z.object({
  /** Fingerprint of the key that the operator pinned. */
  inUse: fingerprint,
  /** A key that was made to come next; null: none. */
  next: z.object({ fingerprint, recipient: z.string(), madeAt: moment }).nullable(),
  /** Cases of which this member may know that are sealed to the key in use, and those that are not yet. */
  sealed: z.number(),
  lacking: z.number(),
  /** Whether a key from before is still there. */
  hasOld: z.boolean(),
});
export type TeamKeyState = z.output<typeof teamKeyState>;

const caseWraps = z.object({ id, recipient: z.string(), wraps: z.array(wrap) });
export type CaseWraps = z.output<typeof caseWraps>;
/** `next`: after which one to go on; null: that was all. */
export const wrapsPage = z.object({ cases: z.array(caseWraps), next: id.nullable() });

/** A row of the log as it is read. `who` null: the operator, or the service itself. */
const auditLine = z.object({
  seq: z.number(),
  at: moment,
  who: z.string().nullable(),
  what: z.string(),
  /** Also of a case that is erased. */
  reference: reference.nullable(),
  /** Of an erasing: why, and, once it is done, the two who wanted it. */
  erasing: z.object({ because: z.string(), people: z.array(z.string()) }).nullable(),
});
export type AuditLine = z.output<typeof auditLine>;
/** A row about a case of which the reader must not know: its place in the chain and its hash, and nothing else. */
const bareAuditLine = z.object({ seq: z.number(), hash: z.string() });
export type BareAuditLine = z.output<typeof bareAuditLine>;
export const auditLines = z.array(z.union([auditLine, bareAuditLine]));
