/**
 * The chats that have one case, as values: who found it again by its code, who was cut, whose they are by an officer's
 * decision.
 *
 * Invariants: a chat that finds a case again takes it from nobody; as long as it is not decided whose the chats are,
 * nothing goes to any of them unasked; each chat has its own word on whether it may be written to; a chat that an
 * officer refused, or that was cut, comes back by an officer only: otherwise a person who has the code undoes each
 * decision.
 */
import { hoursOf, type MayWrite, whySilent } from '../../conversation/values/may-write.ts';
import type { ContactId } from '../../kernel/ids.ts';
import type { ReporterChat, ReporterLink } from './reporter-link.ts';

/** All of them, those that are cut included. */
export function allChats({ chats, contactId, mayWrite }: ReporterLink): readonly ReporterChat[] {
  return chats ?? [{ contactId, mayWrite }];
}

/** `contactId` has the right code: the link with it, unless it has the case already or may not have it. */
export function withComer(
  link: ReporterLink,
  contactId: ContactId,
  at: Date,
): ReporterLink | 'has_it' | 'refused' {
  const chats = allChats(link);
  const known = chats.find((each) => each.contactId === contactId);
  if (known) return known.isCut ? 'refused' : 'has_it';
  if (link.refused?.some((each) => each.contactId === contactId)) return 'refused';
  // What was not safe there is not taken to be safe here before it is said so.
  const mayWrite = strictest(chats.map((each) => each.mayWrite));
  const comer = {
    contactId,
    cameBackAt: at.toISOString(),
    ...(mayWrite === undefined ? {} : { mayWrite }),
  };
  return { ...link, chats: [...chats, comer], isUndecided: true };
}

/** What binds most of what several chats said; undefined: nothing does. */
export function strictest(said: readonly (MayWrite | undefined)[]): MayWrite | undefined {
  const bindings = [whySilent, hoursOf, (each: MayWrite | undefined) => each === 'unclear' || undefined];
  return bindings.flatMap((binds) => said.filter((each) => binds(each) !== undefined))[0];
}

/** The holder of the old phone gets nothing more; whose the one that says so is remains to be decided. */
export function withOthersCut(link: ReporterLink, by: ContactId): ReporterLink {
  const chats = allChats(link).map((each) => (each.contactId === by ? each : { ...each, isCut: true }));
  return { ...link, chats };
}

/** The same of chats that must not have the case; the code lets them in no more, also those that it does not name. */
export function withoutChats(link: ReporterLink, gone: readonly ContactId[]): ReporterLink {
  if (gone.length === 0) return link;
  const chats = allChats(link).map((each) =>
    gone.includes(each.contactId) ? { ...each, isCut: true } : each,
  );
  const named = new Set([...chats, ...(link.refused ?? [])].map(({ contactId }) => contactId));
  const strange = gone.flatMap((contactId) => (named.has(contactId) ? [] : [{ contactId }]));
  const isNews = chats.some(({ isCut }) => isCut);
  return {
    ...link,
    ...(isNews ? { chats } : {}),
    ...(strange.length > 0 ? { refused: [...(link.refused ?? []), ...strange] } : {}),
  };
}

/** The officer's decision: `only` one of the chats is theirs, or (undefined) all are. The others are refused. */
export function decided(link: ReporterLink, only?: ContactId): ReporterLink {
  const isKept = ({ contactId }: ReporterChat): boolean => only === undefined || contactId === only;
  const kept = allChats(link).filter(isKept);
  const [first] = kept;
  if (!first) return link;
  const { contactId, mayWrite } = first;
  const chats = kept.map(withoutCut);
  const { replies, advice } = link;
  const left = allChats(link).filter((each) => !isKept(each));
  const refused = [...(link.refused ?? []), ...left.map(withoutCut)];
  return {
    contactId,
    mayWrite,
    replies,
    ...(advice ? { advice } : {}),
    ...(chats.length > 1 ? { chats } : {}),
    ...(refused.length > 0 ? { refused } : {}),
  };
}

/** The officer has another look: a chat that was refused has the case again, beside those that have it. */
export function admittedAgain(link: ReporterLink, contactId: ContactId): ReporterLink {
  const { refused = [], ...rest } = link;
  const chat = refused.find((each) => each.contactId === contactId);
  if (!chat) return link;
  const left = refused.filter((each) => each !== chat);
  return { ...rest, chats: [...allChats(link), chat], ...(left.length > 0 ? { refused: left } : {}) };
}

const withoutCut = ({ isCut: _, ...chat }: ReporterChat): ReporterChat => chat;

/** What this chat says of whether it may be written to. */
export function mayWriteIn(link: ReporterLink, contactId: ContactId): MayWrite | undefined {
  return allChats(link).find((each) => each.contactId === contactId)?.mayWrite;
}

/** The link once this chat has said it. A chat that is none of theirs changes nothing. */
export function withSafety(link: ReporterLink, contactId: ContactId, mayWrite: MayWrite): ReporterLink {
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
