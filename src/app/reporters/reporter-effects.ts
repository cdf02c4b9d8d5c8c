/**
 * What a step of a conversation wants done, done: cases, alerts and what is said to the reporter.
 *
 * Invariants: everything happens in the caller's transaction; what is said stands in the outbox before the
 * commit; only what the engine hands over goes into a case, and nothing that is in a case stays in the state.
 */
import { heard } from '../../conversation/asking/spoken.ts';
import type { Effect, Line, Say, ToldOfficer } from '../../conversation/values/effect.ts';
import type { ConversationState } from '../../conversation/values/state.ts';
import { deleteCase, updateCase } from '../../db/cases.ts';
import type { ContactRow } from '../../db/contacts.ts';
import { liveErasure } from '../../db/erasures.ts';
import { deleteEvidence } from '../../db/evidence.ts';
import { lockAlertOfCase, lockCase } from '../../db/locks.ts';
import { unreachable } from '../../kernel/errors.ts';
import type { CaseId, EvidenceId } from '../../kernel/ids.ts';
import { clockTime } from '../../kernel/time.ts';
import { demandsAlert, isMoreUrgent, REPORTER_RIGHTS } from '../../kernel/vocabulary.ts';
import { raiseAlert, raiseAlertLevel, repeatSos } from '../alerts/alerting.ts';
import { caseGoingOn } from '../alerts/case-going-on.ts';
import { emptyCase, sealAnswers, sealIntoCase } from '../alerts/case-record.ts';
import { lookAtExclusions } from '../alerts/exclusions.ts';
import { type NewAlert, openQuietAlert } from '../alerts/quiet-alerts.ts';
import { newCaseNotice, setReporterSafety, tellOfficer } from '../alerts/reporter-news.ts';
import { reporterStatus } from '../alerts/reporter-status.ts';
import { retractSent, takeBackAnswers } from '../duty/retraction.ts';
import type { Moment } from '../ground/transaction.ts';
import { openAddress } from '../keys/addresses.ts';
import { createDraft, openCase } from '../records/case-opening.ts';
import { codeWordAgain, giveCodeWord } from './code-words.ts';
import { stopErasure, stopErasuresOf } from './erasure-stops.ts';
import { cutOtherChats } from './other-chats.ts';
import { type Given, giveCode, tellOfTheirs } from './rights.ts';

/** What the placeholders of a text stand for; see `Say`. */
type Facts = Record<string, string>;

export type Outcome = {
  state: ConversationState;
  says: Say[];
  facts: Facts;
  /** The stored hash of the secret code that is said. */
  code?: string;
  /** They left. */
  isGone?: true;
};

type Run = {
  at: Moment;

  contact: ContactRow;
  state: ConversationState;
  facts: Facts;
  /** New cases to tell of, once it is known who must not hear of them. */
  fresh: NewAlert[];
  /** The stored hash of the code that is said. */
  code?: string;
  /** An officer has the alert, so a case that was to be emptied stays until the team decides. */
  isKept?: true;
};

/** Applies effects in order; returns the state with what only the database knows, and what is to be said. */
export async function applyEffects(
  at: Moment,
  contact: ContactRow,
  stepped: { state: ConversationState; effects: readonly Effect[] },
): Promise<Outcome> {
  const { tx, ctx, now } = at;
  const run: Run = {
    at,
    contact,
    state: { ...stepped.state },
    facts: { time: clockTime(now, ctx.settings.timeZone) },
    fresh: [],
  };
  const reference = run.state.reference ?? run.state.earlier?.reference;
  if (reference) run.facts.reference = reference;
  // Drafts that nobody comes back to are purged by their age.
  await goOnInSignedCases(run, stepped.effects);
  const { caseId, isCaseOpen } = run.state;
  if (caseId && !isCaseOpen) await updateCase(tx, caseId as CaseId, { updatedAt: now });
  const says: Say[] = [];
  for (const effect of stepped.effects) says.push(...(await saidOrDone(run, effect)));
  // What goes into the case now may be forgotten here already.
  const entries = stepped.effects.flatMap((effect) =>
    effect.type === 'open_case' || effect.type === 'add_to_case' ? effect.entries : [],
  );
  if (entries.length > 0 && run.state.isCaseOpen && run.state.caseId) {
    const said = Object.fromEntries(entries.map(({ step, answer }) => [step, answer]));
    const answers = { ...said, ...run.state.answers };
    await lookAtExclusions(at, run.state.caseId as CaseId, answers, {
      areAll: !run.state.isSubmitted && !run.state.isBare,
    });
  }
  for (const each of run.fresh) await newCaseNotice(at, each);
  await keepFromErasing(run, stepped.effects, says);
  return { state: run.state, says, facts: run.facts, ...(run.code ? { code: run.code } : {}) };
}

async function saidOrDone(run: Run, effect: Effect): Promise<Say[]> {
  switch (effect.type) {
    case 'say':
      return [run.isKept ? ofKept(effect) : effect];
    case 'say_status':
      return [saying(run, await status(run))];
    case 'give_code':
      return code(run, effect);
    case 'give_word':
      return sayingAny(run, giveCodeWord({ ...run, ctx: run.at.ctx }));
    default:
      await apply(run, effect);
      return [];
  }
}

/** What is said where the case stays although consent was refused. */
function ofKept(said: Say): Say {
  const lines = said.lines.flatMap((line) =>
    line.key === 'report.refused_after_alert.say'
      ? [{ key: 'bot.refused_later' }, { key: 'bot.erase_requested' }]
      : [line],
  );
  // What was to be heard said something else.
  const { spoken: _, ...rest } = said;
  return { ...rest, lines };
}

/** A word of theirs is not erased unread; they are told, after a cry for help was answered. */
async function keepFromErasing(run: Run, effects: readonly Effect[], says: Say[]): Promise<void> {
  const about = visibleCase(run.state);
  if (effects.some(({ type }) => type === 'open_case')) await stopErasuresOf(run.at, run.contact.id);
  if (!about) return;
  const isStopping = effects.some(isForTheTeam);
  const isCourtesy = effects.some((effect) => effect.type === 'add_to_case' && effect.isCourtesy);
  const isSo = isStopping
    ? await stopErasure(run.at, about, 'reporter')
    : isCourtesy && (await liveErasure(run.at.tx, about))?.state === 'waiting';
  if (!isSo) return;
  const key = isStopping ? 'bot.erasure_stopped' : 'bot.erasure_goes_on';
  const said: Say = { type: 'say', lines: [{ key }], turn: run.state.turn };
  if (!isStopping) says.push(said);
  else if (effects.some(({ type }) => type === 'sos_again')) says.push(said);
  else says.unshift(said);
}

/** Something came that a person of the team must see; that it be erased, or that they left, is no new word. */
function isForTheTeam(effect: Effect): boolean {
  if (effect.type === 'give_code') return effect.why === 'asked';
  if (effect.type === 'add_to_case') return !effect.isCourtesy;
  if (effect.type !== 'tell_officer') return STOPS_ERASING.has(effect.type);
  return TOLD_STOPS.includes(effect.what);
}
/** "Annuler", written while a case is being erased, may mean that. */
const TOLD_STOPS: readonly ToldOfficer[] = [
  ...REPORTER_RIGHTS,
  'wants_person',
  'keep_asked',
  'mistake',
  'mistake_before',
];
const STOPS_ERASING: ReadonlySet<Effect['type']> = new Set([
  'open_case',
  'raise_level',
  'sos_again',
  'submit',
  'cut_other_chats',
  'set_contact_safety',
]);

/** Whatever is done about a case is done about the one that goes on in its place, if its key is not the one that was signed. */
async function goOnInSignedCases({ at, state }: Run, effects: readonly Effect[]): Promise<void> {
  if (effects.every(({ type }) => type === 'say')) return;
  const { caseId, earlier, cameBack } = state;
  const goingOn = (id: string) => caseGoingOn(at, id as CaseId);
  if (caseId) state.caseId = await goingOn(caseId);
  if (earlier) state.earlier = { ...earlier, caseId: await goingOn(earlier.caseId) };
  if (cameBack) state.cameBack = { ...cameBack, caseId: await goingOn(cameBack.caseId) };
}

async function apply(
  run: Run,
  effect: Exclude<Effect, { type: 'say' | 'say_status' | 'give_code' | 'give_word' }>,
): Promise<void> {
  const { at, state } = run;
  const caseId = state.caseId as CaseId | undefined;
  switch (effect.type) {
    case 'open_case':
      return open(run, effect);
    case 'forget_draft':
      // What was said of it is not said any more.
      await takeBackAnswers(at, run.contact.id);
      if (caseId && !state.isCaseOpen) {
        await deleteCase(at.tx, caseId);
        delete state.caseId;
      }
      return;
    case 'forget_evidence':
      if (caseId && (!state.isCaseOpen || state.isBare))
        await deleteEvidence(at.tx, caseId, effect.evidence as EvidenceId);
      return;
    case 'retract_messages':
      return retractSent(at, run.contact.id);
    case 'tell_officer': {
      const about = visibleCase(state);
      if (about) await tellOfTheirs(at, about, effect.what);
      return;
    }
    default:
      // Everything else is about an open case: without one there is nothing to do.
      if (caseId && state.isCaseOpen) await applyToCase(run, caseId, effect);
  }
}

/** The case that officers see: of this report, or, while it has none, of the one before it. */
export function visibleCase(state: ConversationState): CaseId | undefined {
  return (state.isCaseOpen ? state.caseId : state.earlier?.caseId) as CaseId | undefined;
}

type AboutCase = Exclude<
  Effect,
  {
    type:
      | 'say'
      | 'say_status'
      | 'give_code'
      | 'give_word'
      | 'open_case'
      | 'forget_draft'
      | 'forget_evidence'
      | 'retract_messages'
      | 'tell_officer';
  }
>;

async function applyToCase(run: Run, caseId: CaseId, effect: AboutCase): Promise<void> {
  const { at, state } = run;
  const { tx, now } = at;
  switch (effect.type) {
    case 'add_to_case':
      await sealAnswers(at, caseId, 'answers', effect.entries, cameBackIn(run, caseId));
      if (effect.zone || effect.region)
        await updateCase(tx, caseId, {
          ...(effect.zone ? { zone: effect.zone } : {}),
          ...(effect.region ? { region: effect.region } : {}),
        });
      return tellOfficer(at, caseId, 'new_answers');
    case 'record_consent':
      await sealIntoCase(at, caseId, 'consent', effect.consent);
      return;
    case 'raise_level':
      return raise(run, caseId, effect.triage);
    case 'sos_again':
      await sealIntoCase(at, caseId, 'event', { what: 'sos_again' });
      await repeatSos(at, caseId);
      return;
    case 'submit':
      return updateCase(tx, caseId, { isSubmitted: true, isUnfinished: false, updatedAt: now });
    case 'keep_bare_alert':
      if ((await lockAlertOfCase(tx, caseId))?.state !== 'open') {
        run.isKept = true;
        return tellOfTheirs(at, caseId, 'erase_requested');
      }
      await emptyCase(at, caseId);
      at.ctx.nudge('list');
      await sealIntoCase(at, caseId, 'event', { what: 'asked_for_help_and_refused_consent' });
      return tellOfficer(at, caseId, 'bare');
    case 'set_contact_safety':
      state.mayWrite = effect.mayWrite;
      return setReporterSafety(at, caseId, run.contact.id, effect.mayWrite);
    case 'cut_other_chats':
      return cutOtherChats(at, run.contact.id, caseId);
    default:
      return unreachable(effect);
  }
}

/** In which of a case's chats it was said, if it was found again there. */
function cameBackIn({ state, contact }: Run, caseId: CaseId): Record<string, unknown> {
  const { cameBack } = state;
  return cameBack?.caseId === caseId ? { cameBackAt: cameBack.at, channel: contact.channel } : {};
}

async function open(run: Run, effect: Extract<Effect, { type: 'open_case' }>): Promise<void> {
  const { at, contact, state } = run;
  const channel = contact.channel;
  const caseId = (state.caseId as CaseId | undefined) ?? (await createDraft(at, channel));
  const { level, rules } = effect.triage;
  const place = {
    ...(effect.zone ? { zone: effect.zone } : {}),
    ...(effect.region ? { region: effect.region } : {}),
  };
  const reference = await openCase(at, caseId, {
    level,
    ...place,
    isSubmitted: effect.reason === 'submitted',
    isUnfinished: false,
  });
  await sealAnswers(at, caseId, 'report', effect.entries, {
    reason: effect.reason,
    level,
    rules,
    language: state.language,
    contact: { channel, address: openAddress(at.ctx, contact) },
  });
  Object.assign(state, { caseId, reference, isCaseOpen: true, level, rules });
  run.facts.reference = reference;
  await alertFor(run, { caseId, reference, level, ...regionOf(place), ...languageOf(state) });
}

/** An alert that pages, or a quiet one, and a notice. */
async function alertFor({ at, contact, state, fresh }: Run, facts: NewAlert): Promise<void> {
  const mayWrite = state.mayWrite === undefined ? {} : { mayWrite: state.mayWrite };
  const alert = { ...facts, contactId: contact.id, ...mayWrite };
  if (demandsAlert(facts.level)) return raiseAlert(at, alert);
  await openQuietAlert(at, alert);
  fresh.push(facts);
}

/** A level only ever rises here; lowering it is a person's decision. */
async function raise(
  run: Run,
  caseId: CaseId,
  triage: Extract<Effect, { type: 'raise_level' }>['triage'],
): Promise<void> {
  const { at, state } = run;
  const { level, rules } = triage;
  const row = await lockCase(at.tx, caseId);
  const before = row?.level as typeof level | undefined;
  state.rules = rules;
  if (!row?.reference) return;
  const facts = {
    caseId,
    reference: row.reference,
    level,
    ...(row.region ? { region: row.region } : {}),
    ...languageOf(state),
  };
  const isHigher = isMoreUrgent(level, before);
  const isPagedAnew = before && demandsAlert(before) ? await raiseAlertLevel(at, facts) : false;
  if (!isHigher && !isPagedAnew) return;
  await sealIntoCase(at, caseId, 'event', { what: 'level', level, rules });
  if (!isHigher) return;
  await updateCase(at.tx, caseId, { level });
  state.level = level;
  if (!(before && demandsAlert(before))) await alertFor(run, facts);
}

/** In a message of its own. */
async function code(run: Run, effect: Extract<Effect, { type: 'give_code' }>): Promise<Say[]> {
  const about = visibleCase(run.state);
  const given: Given = about ? await giveCode(run.at, about, effect) : { lines: [] };
  if (given.code) {
    run.facts.code = given.code.said;
    run.code = given.code.hash;
  }
  return sayingAny(run, given.lines);
}

const sayingAny = (run: Run, lines: Line[]): Say[] => (lines.length > 0 ? [saying(run, lines)] : []);

/** What only the database knows, said to a reporter who has just written. */
function saying({ at, state }: Run, lines: Line[]): Say {
  const view = { deps: at.ctx.conversation, state, now: at.now };
  return { type: 'say', lines, turn: state.turn, ...heard({ ...view, isUnasked: false }, { before: lines }) };
}

async function status(run: Run): Promise<Line[]> {
  const { at, state } = run;
  const about = visibleCase(state);
  return about ? [...(await reporterStatus(at, about)), ...codeWordAgain({ ...run, ctx: at.ctx })] : [];
}

function languageOf({ language }: ConversationState): { language?: string } {
  return language ? { language } : {};
}

function regionOf(place: { zone?: string; region?: string }): { region?: string } {
  return place.region ? { region: place.region } : {};
}
