import { randomUUID } from 'node:crypto';

/** Ids are random UUIDs (version 4: no time inside) and branded, so that one kind cannot stand in for another. */
type Id<Brand extends string> = string & { readonly __brand: Brand };

export type ContactId = Id<'contact'>;
export type CaseId = Id<'case'>;
export type AlertId = Id<'alert'>;
export type OfficerId = Id<'officer'>;
export type CoverId = Id<'cover'>;
export type EvidenceId = Id<'evidence'>;
export type MemberId = Id<'member'>;
/** A person of the office: one who is paged, one who signs in, or both. */
export type PersonId = OfficerId | MemberId;
export type PasskeyId = Id<'passkey'>;
export type InvitationId = Id<'invitation'>;
export type ErasureId = Id<'erasure'>;
export type EpochId = Id<'epoch'>;
/** Deliveries are numbered by the database: their order is the order of sending. */
export type DeliveryId = number & { readonly __brand: 'delivery' };

/** A fresh random id of the wanted kind. */
export function newId<T extends Id<string>>(): T {
  return randomUUID() as T;
}
