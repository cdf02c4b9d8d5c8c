/**
 * What leads from what is open to the people, read while the keys of the days are there, and sealed anew under the key of the
 * day on which it is restored.
 *
 * Invariant: only of what is open: the alert that is not closed, the conversation about its case, the file that waits.
 */
import type { Held } from '../../backup/erased.ts';
import type { Link } from '../../backup/links.ts';
import { type MayWrite, mayWriteSchema } from '../../conversation/values/may-write.ts';
import { type ConversationState, conversationStateSchema } from '../../conversation/values/state.ts';
import { openCaseIds } from '../../db/case-status.ts';
import { conversationsAfter, findConversation, saveConversation } from '../../db/conversations.ts';
import type { Db } from '../../db/database.ts';
import { everyLink, type LiveRow, putLink } from '../../db/live-rows.ts';
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import type { Moment } from '../ground/transaction.ts';
import { type Epochs, openLive, sealLive } from '../keys/epochs.ts';
import { conversationContext } from '../records/conversation-record.ts';
import { allChats, withoutChats, withSafety } from '../records/reporter-chats.ts';
import { type ReporterLink, readLink, reporterContext } from '../records/reporter-link.ts';
import { evidenceContext } from '../reporters/evidence.ts';

const PAGE = 500;

/** Reads them in the snapshot that `db` is in. What does not open any more is passed over. */
export async function* linksOf(ctx: { epochs: Epochs }, db: Db): AsyncGenerator<Link, void> {
  const open = async (of: Link['of'], row: LiveRow<string>, context: string): Promise<Link | undefined> => {
    const value = await openLive(ctx, db, row, context).catch(() => undefined);
    return value === undefined ? undefined : { of, id: row.id, value };
  };
  const { alerts, evidence } = await everyLink(db);
  for (const row of alerts) {
    const link = await open('alert', row, reporterContext(row.id));
    if (link) yield link;
  }
  for (const row of evidence) {
    const link = await open('evidence', row, evidenceContext(row.id));
    if (link) yield link;
  }
  yield* conversationsOf(db, open);
}

type Open = (of: Link['of'], row: LiveRow<string>, context: string) => Promise<Link | undefined>;

async function* conversationsOf(db: Db, open: Open): AsyncGenerator<Link, void> {
  const isOpen = await openCaseIds(db);
  let last: ContactId | undefined;
  for (;;) {
    const rows = await conversationsAfter(db, last, PAGE);
    for (const { contactId, epochId, stateSealed: sealed } of rows) {
      const link = await open(
        'conversation',
        { id: contactId, epochId, sealed },
        conversationContext(contactId),
      );
      const cases = link ? casesIn(link.value) : [];
      if (link && cases.some((id) => isOpen.has(id))) yield { ...link, value: withoutWords(link.value) };
    }
    if (rows.length < PAGE) return;
    last = rows.at(-1)?.contactId;
  }
}

/** The cases that a conversation is about: the present one and the one before. */
function casesIn(value: unknown): CaseId[] {
  const state = conversationStateSchema.safeParse(value);
  if (!state.success) return [];
  const { caseId, isCaseOpen, earlier } = state.data;
  return [...(caseId && isCaseOpen ? [caseId] : []), ...(earlier ? [earlier.caseId] : [])] as CaseId[];
}

/** Kinds of answers in which a person's own words stand. */
const WORDS: ReadonlySet<string> = new Set(['text', 'account', 'place', 'code', 'date', 'not_said']);

/**
 * Where they stand and to which case they belong, without what they said: the case has that. What comes from now on counts as
 * not in the case yet.
 */
function withoutWords(value: unknown): ConversationState {
  const { tried: _tried, live: _live, ...state } = conversationStateSchema.parse(value);
  const answers = Object.entries(state.answers);
  const gone = answers.flatMap(([step, { kind }]) => (WORDS.has(kind) ? [step] : []));
  const isGone = (step: string): boolean => gone.includes(step.split('#')[0] ?? '');
  return {
    ...state,
    answers: Object.fromEntries(answers.filter(([step]) => !gone.includes(step))),
    sealed: state.sealed.filter((step) => !isGone(step)),
    kept: [],
  };
}

/** What counts more than what a link says: of cases that are no more, of chats that said since that they are not to be written to. */
export type Since = { isGone: (caseId: CaseId) => boolean; held?: Held | undefined };

/** Puts them back, but those that lead to a case that is no more; returns how many, and the cases that are still being told. */
export async function putBack(
  at: Moment,
  links: AsyncIterable<Link>,
  since: Since,
): Promise<{ count: number; told: CaseId[] }> {
  let count = 0;
  const told: CaseId[] = [];
  for await (const { of, id, value } of links) {
    if (of === 'conversation') {
      const state = await putConversation(at, id as ContactId, value, since);
      if (state) count += 1;
      if (state?.caseId) told.push(state.caseId as CaseId);
      continue;
    }
    const context = of === 'alert' ? reporterContext(id as never) : evidenceContext(id as never);
    const now = of === 'alert' ? linkSince(id, readLink(value), since.held) : value;
    const live = await sealLive(at.ctx, at.tx, at.now, context, now);
    count += await putLink(at.tx, of, id, live);
  }
  return { count, told };
}

/** With what its chats said since, and without those that were cut or refused since. */
function linkSince(id: string, link: ReporterLink, held: Held | undefined): ReporterLink {
  const apart = held?.apart.find(({ alert }) => alert === id)?.contacts ?? [];
  const all = allChats(link).flatMap(({ contactId }) => {
    const may = saidSince(contactId, held);
    return may === undefined ? [] : [{ contactId, may }];
  });
  const quiet = all.reduce((so, { contactId, may }) => withSafety(so, contactId, may), link);
  return withoutChats(quiet, apart as ContactId[]);
}

function saidSince(contactId: string, held: Held | undefined): MayWrite | undefined {
  const said = held?.silent.find(({ contact }) => contact === contactId)?.may;
  return said === undefined ? undefined : mayWriteSchema.parse(said);
}

async function putConversation(
  { tx, ctx, now }: Moment,
  contactId: ContactId,
  value: unknown,
  { isGone, held }: Since,
): Promise<ConversationState | undefined> {
  const row = await findConversation(tx, contactId);
  const read = conversationStateSchema.safeParse(value);
  if (!row || !read.success || casesIn(value).some(isGone)) return undefined;
  // What was cut or refused since writes as a person who is not known.
  if (held?.apart.some(({ contacts }) => contacts.includes(contactId))) return undefined;
  const mayWrite = saidSince(contactId, held);
  const state = mayWrite === undefined ? read.data : { ...read.data, mayWrite };
  const live = await sealLive(ctx, tx, now, conversationContext(contactId), state);
  await saveConversation(tx, { ...row, epochId: live.epochId, stateSealed: live.sealed });
  return state;
}
