/** What is said of cases: sealed, with what stands beside them in the clear. */
import { z } from 'zod';
import { ALERT_STATES, CONTACT_HOURS, LEVELS, TASKS, WHY_SILENT } from '../kernel/vocabulary.ts';
import { followingOfCase } from './following.ts';
import { base64, base64Asked, bytes, id, level, moment, reference, referenceAsked, wrap } from './forms.ts';
import { keptOfCase } from './retention.ts';
import { erasureOfCase, taskOfCase } from './rights.ts';

export const oneCase = z.strictObject({ reference: referenceAsked });
export const oneFile = z.strictObject({ reference: referenceAsked, id: z.uuid() });
/** Sealed by the browser to this place of the case. */
export const noteAsked = z.strictObject({ place: z.int().min(0), ciphertext: base64Asked });
export const savedAs = z.strictObject({ as: z.enum(['original', 'copy']) });
const fileLook = z.object({
  at: moment,
  who: z.string().nullable(),
  what: z.enum(['opened', 'saved', 'copied']),
});
export type FileLook = z.output<typeof fileLook>;
/** The first one first; `who`: null for a member whom nobody knows any more. */
export const fileLooks = z.object({ looks: z.array(fileLook) });
export const oneLanguage = z.strictObject({ language: z.string().regex(/^[a-z]{2,3}$/) });
/** Cases come a page at a time, by reference; empty: from the beginning. */
export const afterCaseAsked = z.strictObject({ after: z.string().regex(/^([A-Z]{4}-\d{4})?$/) });
/** A lower level has a reason, sealed by the browser to this place of the case. */
export const levelAsked = z.strictObject({
  level: z.enum(LEVELS),
  reason: z.strictObject({ place: z.int().min(0), ciphertext: base64Asked }).optional(),
});
export const replyAsked = z.strictObject({
  text: z.string().trim().min(1).max(2_000),
  place: z.int().min(0),
  ciphertext: base64Asked,
});

/** The word out of a sealed test case, and what came with it. */
export const openingTrialAsked = z.strictObject({
  id: z.uuid(),
  word: z.string().max(100),
  hash: base64Asked,
});

/** `link` and `signature`: of the chain (`crypto/chain.ts`). */
const sealedItem = z.object({
  place: z.number(),
  type: z.string(),
  at: moment,
  ciphertext: bytes,
  link: base64,
  signature: base64,
});
export type SealedItem = z.output<typeof sealedItem>;

/** What proves a case's key, and the end of its chain. */
const binding = {
  /** Public half of the case's key: what is added is sealed to it. */
  recipient: z.string(),
  /** The server's signature of it (`crypto/case-binding.ts`); null: it fits nothing, and nothing may be sealed to it. */
  recipientSignature: base64.nullable(),
  /** How many items lay in the case before its key was signed: nobody can vouch for those. */
  boundFrom: z.number(),
  /** Reference of the case in whose place this one goes on, since that one's key did not fit; null: of none. */
  replaces: reference.nullable(),
  /** Link of the last item as the case's row has it; null: there is none. */
  chainHead: base64.nullable(),
  /** How many items there are: the place of the next one. */
  length: z.number(),
  /** The case's secret key, sealed to the team; while the team's key is being changed, to both of them. */
  wraps: z.array(wrap),
  items: z.array(sealedItem),
};

/** Every case has an alert; nobody is paged for a quiet one. */
const alertOfCase = z.object({
  state: z.enum(ALERT_STATES),
  isQuiet: z.boolean(),
  level,
  raisedAt: moment,
  takenBy: z.string().nullable(),
  takenAt: moment.nullable(),
  isMine: z.boolean(),
  /** The officer who has it asked this one to take it over. */
  isOfferedToMe: z.boolean(),
  /** This officer has it, and it must be said seen: the person asked again, or the level rose. */
  isAskedAgain: z.boolean(),
  outcome: z.string().nullable(),
  /** Whether the reporter can be written to, and may be: null is not known (any more). */
  mayWrite: z.boolean().nullable(),
  /** The case is in several chats, and it is not decided whose they are: nothing goes to any of them. */
  isUndecided: z.boolean(),
  /** Those chats, if there are several; `is` tells them apart. */
  phones: z.array(
    z.object({ is: z.string(), channel: z.string(), cameBackAt: moment.nullable(), isCut: z.boolean() }),
  ),
  /** What they chose by which nothing may be written here; null: something may, or it is not known. */
  whySilent: z.enum(WHY_SILENT).nullable(),
  /** At which hours alone they may be written to; null: they chose none. */
  hours: z.array(z.enum(CONTACT_HOURS)).nullable(),
  /** When these hours begin, if it is outside of them now. */
  opensAt: moment.nullable(),
  /** Whether they have said yes themselves. */
  isSafetySaid: z.boolean(),
  /** They were asked, and said neither yes nor no. Else nothing yet. */
  isSafetyUnclear: z.boolean(),
  log: z.array(z.object({ at: moment, what: z.string(), who: z.string().nullable() })),
});
export type AlertOfCase = z.output<typeof alertOfCase>;

/** What became of a reply; `place` is where its words lie in the case. */
const fateOfReply = z.object({
  place: z.number(),
  state: z.string(),
  at: moment.nullable(),
  failure: z.string().nullable(),
});
export type FateOfReply = z.output<typeof fateOfReply>;

export const sealedCase = z.object({
  id,
  reference,
  level,
  status: z.string(),
  channel: z.string(),
  region: z.string().nullable(),
  isSubmitted: z.boolean(),
  openedAt: moment,
  updatedAt: moment,
  ...binding,
  following: followingOfCase,
  kept: keptOfCase,
  files: z.array(z.object({ id, media: z.string(), state: z.string(), size: z.number().nullable() })),
  /** What the person asked for by right, oldest first; and whether the case is to be erased, or was not to be after all. */
  tasks: z.array(taskOfCase),
  erasure: erasureOfCase.nullable(),
  alert: alertOfCase,
  replies: z.array(fateOfReply),
});
export type SealedCase = z.output<typeof sealedCase>;

/** Who has it; null: nobody. */
const holder = { takenBy: z.string().nullable(), isMine: z.boolean() };

const inboxCase = z.object({
  ...holder,
  reference,
  level,
  status: z.string(),
  /** Since when it has this status. */
  since: moment,
  /** Name of the member who answers for it; null: nobody but the officer who has its alert. `isOwn`: the reader does. */
  answersFor: z.string().nullable(),
  isOwn: z.boolean(),
  region: z.string().nullable(),
  channel: z.string(),
  openedAt: moment,
  updatedAt: moment,
  isSubmitted: z.boolean(),
  /** Voice notes that nobody has heard. */
  unheard: z.number(),
});
export type InboxCase = z.output<typeof inboxCase>;

const inboxAlert = z.object({
  ...holder,
  reference,
  level,
  region: z.string().nullable(),
  state: z.enum(ALERT_STATES).exclude(['closed']),
  raisedAt: moment,
  isDrill: z.boolean(),
});
export type InboxAlert = z.output<typeof inboxAlert>;

/** A member opened many cases in a short time: what an administrator sees of it. */
const manyOpened = z.object({ who: z.string(), count: z.number(), at: moment, isSearch: z.boolean() });
export type ManyOpened = z.output<typeof manyOpened>;

/** `dueAt` null: a second person has not agreed yet. */
const caseToSee = z.object({
  reference,
  level,
  tasks: z.array(z.enum(TASKS)),
  erasing: z.object({ dueAt: moment.nullable() }).nullable(),
});
export type CaseToSee = z.output<typeof caseToSee>;

export const inbox = z.object({
  now: moment,
  alerts: z.array(inboxAlert),
  /** The first of them, and all with something to be heard. */
  cases: z.array(inboxCase),
  /** How many there are. */
  total: z.number(),
  opened: z.array(manyOpened),
  /** Languages on offer, as they call themselves, whose texts no native speaker has read and signed. */
  drafts: z.array(z.string()),
  /** Cases in which a right is asked for, or that are to be erased. */
  toSee: z.array(caseToSee),
});
export type Inbox = z.output<typeof inbox>;

/** A case for a member who opens all of them to search in their words; `row`: as it stands in the list. */
const sealedWords = z.object({ id, row: inboxCase, ...binding });
export type SealedWords = z.output<typeof sealedWords>;
/** `next`: after which one to go on; null: that was all. */
export const sealedPage = z.object({ cases: z.array(sealedWords), next: reference.nullable() });
export type SealedPage = z.output<typeof sealedPage>;

const named = z.record(z.string(), z.string());
/** How questions and options of the flows are called: public words, no case in them. */
export const caseWords = z.object({
  /** By step: its short name and its options. */
  steps: z.record(z.string(), z.object({ question: z.string(), options: named })),
  /** By list and code: zones, regions, cercles and the like. */
  lists: z.record(z.string(), named),
  /** Why a triage rule is there, by its id, in the language of its author. */
  rules: named,
  /** What a ready-made phrase says to the reporter, without its time. */
  phrases: named,
  /** What the reporter reads in answer to "status" after a phrase that is not pushed. */
  advice: named,
  /** What a reporter chose by which nothing may be written to them. */
  whySilent: named,
  hours: named,
  /** Words that must not stand in what a reporter is sent: `conversation/words/telling.ts`. */
  telling: z.array(z.string()),
  /** By kind of channel: what it is called. */
  channels: named,
});
export type CaseWords = z.output<typeof caseWords>;

/** A test case to open; null: a member has done it with the key that is in use. */
export const openingTrial = z.object({
  trial: z
    .object({
      id,
      wraps: z.array(wrap),
      ciphertext: bytes,
      /** Keyed hash of the word. */
      hash: bytes,
    })
    .nullable(),
});
export type OpeningTrial = NonNullable<z.output<typeof openingTrial>['trial']>;

/** Something may have changed; `there`: the stream has begun. */
export const change = z.object({ is: z.enum(['there', 'changed']) });
export type Change = z.output<typeof change>;
/** A word that is another one whenever something may have changed. */
export const news = z.object({ news: z.string() });
