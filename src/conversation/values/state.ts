import { z } from 'zod';
import { LEVELS } from '../../kernel/vocabulary.ts';
import { answerSchema, partSchema } from './answer.ts';
import { consentSchema } from './consent.ts';
import { mayWriteSchema } from './may-write.ts';

/**
 * Where one contact stands in the flows. Plain data: stored as JSON under the epoch key, one row per contact.
 * Times are ISO strings of the database's clock.
 */
export const conversationStateSchema = z.object({
  /** Hash over all flow files; another one means that the answers are replayed. */
  flows: z.string(),
  language: z.string().optional(),
  /** Nobody chose the language: it was guessed from the first words, or as the phone is set. */
  languageBy: z.enum(['words', 'phone']).optional(),
  /** `flow.step`, the state of the machine. */
  at: z.string(),
  /** Current turn; grows with each question said. Buttons of an earlier turn are stale. */
  turn: z.number().int(),
  answers: z.record(z.string(), answerSchema),
  /** Steps answered by the reporter as `flow.step`, in order: "back" walks it. */
  trail: z.array(z.string()),
  /** Step that is asked again although it has an answer (back, correct). */
  revisiting: z.string().optional(),
  /** Answers of steps that a changed flow no longer has, or that no longer fit: kept for the case. */
  kept: z.array(z.object({ step: z.string(), answer: answerSchema })).default([]),
  /** What was said to questions of consent, until there is a case. */
  consents: z.array(consentSchema).default([]),
  /** How often the present question was missed. */
  misses: z.number().int().default(0),
  /** What came at the present question and was not understood. */
  tried: z.array(partSchema).optional(),
  /** Page of a long list that is shown; of a question with more to read, 1 is its second screen. */
  page: z.number().int().default(0),
  /** Earlier answers are not shown again (30 minutes of silence). */
  veiled: z.boolean().default(false),
  /** When the last such silence ended, or the person left: since then the phone may be in other hands, whatever is forgotten. */
  pausedAt: z.string().optional(),
  /** They chose to hear the questions too. Ends with a silence: it would play aloud in other hands. */
  hears: z.boolean().optional(),
  /** An answer to the present question that was already taken from the last button, to know a double tap. */
  lastButton: z.string().optional(),
  /** The open case, or the draft case that holds files sent before there was one. */
  caseId: z.string().optional(),
  reference: z.string().optional(),
  isCaseOpen: z.boolean().default(false),
  /** When what opened the last case was written: a cry for help can pass what was written before it. */
  openedBy: z.string().optional(),
  level: z.enum(LEVELS).optional(),
  rules: z.array(z.string()).default([]),
  /** Answers that are already in the case, by step (`account#3`: its first three parts): not sealed twice. */
  sealed: z.array(z.string()).default([]),
  isSubmitted: z.boolean().default(false),
  sosCount: z.number().int().default(0),
  mayWrite: mayWriteSchema.optional(),
  /** The words that a first message from another number of ours shows, as they were said to them. */
  codeWord: z.string().optional(),
  /** Commands whose button stands under words that were kept: their label counts once, wherever it is typed. */
  offered: z.array(z.string()).optional(),
  /** The chapter whose button stands under a question that was asked beside the present one. */
  chapter: z.string().optional(),
  /** How many questions still come, at most, as it was told last. */
  left: z.number().int().optional(),
  /** Step of several choices that is still being chosen from: answered so far, but not finished. */
  picking: z.string().optional(),
  /** `flow.step` to come back to after the language has been chosen. */
  resume: z.string().optional(),
  /**
   * Only while they read in the room of which nothing is kept: which question they left, on which page of it, the chapters
   * that are offered now, and which pages were said when, so that a number that replies to one turns to what it said.
   */
  room: z
    .object({
      from: z.string().optional(),
      page: z.number().int().optional(),
      found: z.array(z.string()).optional(),
      said: z
        .array(z.object({ at: z.number(), path: z.string(), found: z.array(z.string()).optional() }))
        .optional(),
    })
    .optional(),
  /** The present question has not been put: they left the room by saying nothing, and a number is an answer to a page of it. */
  isUnsaid: z.boolean().optional(),
  /** The case of the report before this one: status and SOS are about it until this report has a case. */
  earlier: z
    .object({ caseId: z.string(), reference: z.string(), level: z.enum(LEVELS), sosCount: z.number().int() })
    .optional(),
  /** The case that this chat found again by its receipt code, and when: others may still have it. */
  cameBack: z.object({ caseId: z.string(), at: z.string() }).optional(),
  /** Consent was given in this report: a later "no" destroys nothing by itself. */
  hasAgreed: z.boolean().optional(),
  /** Consent was refused after an alert: nothing is added to the case. */
  isBare: z.boolean().default(false),
  /** They object to being counted: told to the team with each case of theirs. */
  objects: z.boolean().optional(),
  /**
   * What 72 hours of silence ended, told once when the person comes back: the draft is erased, or how to be reached, asked anew,
   * was never answered.
   */
  ended: z.enum(['forgotten', 'way_open']).optional(),
  /** When the person last wrote. */
  lastAt: z.string().optional(),
  /** A position that is shared live: how many of its places were kept, when the last one, and the newest that waits. */
  live: z
    .object({
      kept: z.number().int(),
      keptAt: z.string(),
      held: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
    })
    .optional(),
  /**
   * The questions that were said last: when, in which turn, at which `flow.step`, on which page of its options, in which words. Without a
   * step: it belongs to what was forgotten, or to other flows.
   */
  asked: z
    .array(
      z.object({
        at: z.number(),
        turn: z.number().int(),
        path: z.string().optional(),
        page: z.number().int().optional(),
        /** Of a consent: the version of its words. */
        text: z.string().optional(),
      }),
    )
    .optional(),
  /** An answer in words that may go on until the next question is said: where, until when, whether it holds an alarm. */
  thought: z.object({ path: z.string(), until: z.string(), isAlarm: z.boolean().optional() }).optional(),
  /** The last short answer in words and when it was written, to know one that comes twice. */
  last: z.object({ words: z.string(), at: z.string() }).optional(),
  /** The last messages that brought a file, so that a changed caption fetches none twice. */
  files: z.array(z.string()).optional(),
  /** A timer that the database keeps: what happens when it runs out. */
  due: z
    .object({ at: z.string(), what: z.enum(['danger_unanswered', 'silence_over', 'move_held', 'room_over']) })
    .optional(),
});
export type ConversationState = z.infer<typeof conversationStateSchema>;
