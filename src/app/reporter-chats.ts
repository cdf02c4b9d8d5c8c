/**
 * The chats that have one case, as values: who found it again by its code, who was cut, whose they are by an officer's
 * decision.
 *
 * Invariants: a chat that finds a case again takes it from nobody; as long as it is not decided whose the chats are,
 * nothing goes to any of them unasked; each chat has its own word on whether it may be written to.
 */
import type { ContactId } from '../kernel/ids.ts';
import type { ReporterChat, ReporterLink } from './reporter-link.ts';

/** All of them, those that are cut included. */
export function allChats({ chats, contactId, mayWrite }: ReporterLink): readonly ReporterChat[] {
  return chats ?? [{ contactId, mayWrite }];
}

/** `contactId` has found the case again; undefined: it has it already. */
export function withComer(link: ReporterLink, contactId: ContactId, at: Date): ReporterLink | undefined {
  const chats = allChats(link);
  if (chats.some((each) => each.contactId === contactId && !each.isCut)) return undefined;
  const others = chats.filter((each) => each.contactId !== contactId);
  // What was not safe there is not taken to be safe here before it is said so.
  const isUnsafe = chats.some(({ mayWrite }) => mayWrite === false);
  const comer = { contactId, cameBackAt: at.toISOString(), ...(isUnsafe ? { mayWrite: false } : {}) };
  return { ...link, chats: [...others, comer], isUndecided: true };
}

/** Who has the old phone gets nothing more; whose the one that says so is remains to be decided. */
export function withOthersCut(link: ReporterLink, by: ContactId): ReporterLink {
  const chats = allChats(link).map((each) => (each.contactId === by ? each : { ...each, isCut: true }));
  return { ...link, chats };
}

/** The officer's decision: `only` one of the chats is theirs, or (undefined) all are. */
export function decided(link: ReporterLink, only?: ContactId): ReporterLink {
  const kept = allChats(link).filter(({ contactId }) => only === undefined || contactId === only);
  const [first] = kept;
  if (!first) return link;
  const { contactId, mayWrite } = first;
  const chats = kept.map(({ isCut: _, ...each }) => each);
  const { replies } = link;
  return { contactId, mayWrite, replies, ...(chats.length > 1 ? { chats } : {}) };
}

/** What this chat says of whether it may be written to. */
export function mayWriteIn(link: ReporterLink, contactId: ContactId): boolean | undefined {
  return allChats(link).find((each) => each.contactId === contactId)?.mayWrite;
}

/** The link once this chat has said it. A chat that is none of theirs changes nothing. */
export function withSafety(link: ReporterLink, contactId: ContactId, mayWrite: boolean): ReporterLink {
  const own = link.contactId === contactId ? { mayWrite } : {};
  if (!link.chats) return { ...link, ...own };
  const chats = link.chats.map((each) => (each.contactId === contactId ? { ...each, mayWrite } : each));
  return { ...link, ...own, chats };
}

/** Chats whose conversations lead to a case when nothing else does any more: with several it is to be decided again. */
export function linkOf(chats: readonly ReporterChat[]): ReporterLink | undefined {
  const [first] = chats;
  if (!first) return undefined;
  const { contactId, mayWrite } = first;
  return chats.length === 1 ? { contactId, mayWrite } : { contactId, mayWrite, chats, isUndecided: true };
}
