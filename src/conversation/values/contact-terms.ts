/**
 * Whether one may write to a reporter, by what they answered last.
 *
 * Invariants: a phone that is not safe, or of which the reporter does not know it, is never written to unasked, whatever is
 * chosen as the way; "certain hours" without any are none at all; nothing that was not understood is a yes.
 */

import { CONTACT_HOURS, type ContactHours } from '../../kernel/vocabulary.ts';
import type { Answer, Answers } from './answer.ts';
import type { MayWrite } from './may-write.ts';

const PHONE = 'phone_safe';
/** Answers that the engine itself goes by: to these questions of `flows/sos.yaml` and `flows/report.yaml`. */
export const CONTACT_STEPS: readonly string[] = ['safe', 'safe_hours', PHONE, 'contact_how', 'contact_hours'];

/** What follows from the answer to this step; undefined: nothing. `before`: what held until now. */
export function termsAfter(step: string, answers: Answers, before?: MayWrite): MayWrite | undefined {
  switch (step) {
    case 'safe':
    case 'safe_hours':
      return afterSos(answers);
    case 'contact_how':
    case 'contact_hours':
      return inReport(answers);
    case PHONE:
      return unsafePhone(answers) ?? onceSafe(answers, before);
    default:
      return undefined;
  }
}

function afterSos(answers: Answers): MayWrite {
  const { safe, safe_hours: hours } = answers;
  const unsafe = unsafePhone(answers);
  if (unsafe) return unsafe;
  switch (said(safe)) {
    case 'yes':
      return true;
    case 'no':
      return { no: 'no' };
    case 'certain_hours':
      return atHours(hours);
    default:
      return 'unclear';
  }
}

function inReport(answers: Answers): MayWrite | undefined {
  const { contact_how: how, contact_hours: hours } = answers;
  const chosen = said(how);
  switch (chosen) {
    case 'here_any_time':
      return unsafePhone(answers) ?? true;
    case 'here_certain_hours':
      return unsafePhone(answers) ?? atHours(hours);
    case 'call':
    case 'trusted_person':
    case 'no_contact':
      return { no: chosen };
    // Asked, and neither a way nor a no.
    case 'unknown':
    case 'not_said':
      return unsafePhone(answers) ?? 'unclear';
    default:
      return undefined;
  }
}

/** Whether the phone is not safe, or they do not know it. */
export const isPhoneUnsafe = (answers: Answers): boolean => unsafePhone(answers) !== undefined;

function unsafePhone(answers: Answers): MayWrite | undefined {
  switch (said(answers[PHONE])) {
    case 'no':
      return { no: 'phone_unsafe' };
    case 'unknown':
    case 'not_said':
      return { no: 'phone_unknown' };
    default:
      return undefined;
  }
}

/** The phone is safe after all: what else was chosen holds again. */
function onceSafe(answers: Answers, before: MayWrite | undefined): MayWrite | undefined {
  if (said(answers[PHONE]) !== 'yes') return undefined;
  const wasOfPhone =
    typeof before === 'object' &&
    'no' in before &&
    (before.no === 'phone_unsafe' || before.no === 'phone_unknown');
  if (!wasOfPhone) return undefined;
  return inReport(answers) ?? (answers.safe ? afterSos(answers) : true);
}

function atHours(answer: Answer | undefined): MayWrite {
  const named = answer?.kind === 'choices' ? answer.values : [];
  const hours = CONTACT_HOURS.filter((each): each is ContactHours => named.includes(each));
  return hours.length > 0 ? { hours } : { no: 'hours_unsaid' };
}

/** What was chosen, or the kind of what was said in its place. */
const said = (answer: Answer | undefined): string | undefined =>
  answer?.kind === 'choice' ? answer.value : answer?.kind;
