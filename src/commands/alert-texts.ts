/** An alert's log in sentences, for the operator. */
import type { AlertEvent, AlertLogRow } from '../db/alerts.ts';
import type { pagesWithFate } from '../db/pages.ts';

type Detail = Readonly<Record<string, unknown>>;
type Sentence = (who: string, detail: Detail) => string;

const step = (detail: Detail): string => (typeof detail.step === 'number' ? ` (step ${detail.step})` : '');
const LAPSED: Readonly<Record<string, string>> = {
  no_work: 'no work on it in time',
  not_acknowledged: 'the person asked again and got no answer',
  removed: 'they are no officer any more',
  unreachable: 'no contact of theirs works',
  excluded: 'they must not have it',
  released: 'they gave it back',
  contact_revoked: 'a phone of theirs was lost or seized',
};

/** One sentence for each thing that can stand in the log. */
const SENTENCES: Readonly<Record<AlertEvent, Sentence>> = {
  raised: (_who, { level, drill }) => `raised, level ${level}${drill ? ', as an exercise' : ''}`,
  opened: (_who, { level }) => `opened, level ${level}: nobody is paged`,
  opened_again: () => 'opened again after it was closed: nobody is paged',
  raised_again: (_who, { level }) => `raised again after it was closed, level ${level}`,
  level_lowered: (who, { level }) => `${who} lowered the level to ${level}`,
  level_raised: (_who, { level }) => `level raised to ${level}`,
  paged: (who, detail) => `${who} paged${step(detail)}`,
  repeated: (who, detail) => `${who} paged again${step(detail)}`,
  skipped: (_who, detail) => `no one on step ${detail.step}: skipped`,
  exhausted: () =>
    'everybody was paged and paged again, and nobody took it: supervisors on every contact, the person told',
  nobody: () => 'nobody can be paged',
  page_failed: (who, { channel, reason }) =>
    `page to ${who} failed on ${channel ?? '?'} (${reason}): trying another way`,
  page_moved: (who, { channel }) => `page to ${who} does not leave on ${channel ?? '?'}: trying another way`,
  contact_revoked: (who) => `a contact of ${who} was revoked: others are paged`,
  offered: (who) => `offered to ${who}`,
  offer_ended: (who, { because }) =>
    `${who} did not take it over (${because === 'declined' ? 'cannot' : 'no answer'})`,
  handed_over: (who) => `${who} took it over`,
  excluded: (who) => `${who} excluded`,
  outside_told: (_who, { because, isReached }) =>
    `${because === 'nobody' ? 'nobody' : 'no supervisor'} may have it: the outside contact ${isReached ? 'is told' : 'is not set (OUTSIDE_CONTACT)'}`,
  taken: (who) => `${who} took it`,
  declined: (who) => `${who} cannot`,
  phone_admitted_again: (who) => `${who} decided that a phone that was refused has the case again`,
  one_phone_kept: (who) => `${who} decided that one phone only keeps the case`,
  code_granted: (who) => `${who} granted a new code`,
  code_declined: (who) => `${who} declined a new code`,
  all_phones_kept: (who) => `${who} decided that all phones keep the case`,
  lapsed: (who, { reason }) => `${who} has it no longer: ${LAPSED[String(reason)] ?? reason}`,
  asked_again: (_who, { count }) => `the person asked again (${count} times in all)`,
  acknowledged: (who) => `${who} has seen that the person asked again`,
  told: (_who, { what }) => `officers were shown: ${String(what).replaceAll('_', ' ')}`,
  replied: (who) => `${who} wrote to the person`,
  phrase: (who, { phrase }) => `${who} sent the person the phrase "${phrase}"`,
  closed: (who, { outcome }) =>
    `closed${who === SOMEBODY ? '' : ` by ${who}`}: ${String(outcome).replaceAll('_', ' ')}`,
  muted: (who) => `${who} muted the person`,
  unmuted: (who) => `${who} unmuted the person`,
};

export const SOMEBODY = 'somebody';

/** What a row of the log says. */
export function sentence(row: Pick<AlertLogRow, 'what' | 'detail'>, who: string): string {
  const say = SENTENCES[row.what as AlertEvent] as Sentence | undefined;
  return say ? say(who, (row.detail ?? {}) as Detail) : row.what;
}

type PageFate = Awaited<ReturnType<typeof pagesWithFate>>[number];

/** "sms: sent 14:02:03, read 14:02:41", "email: failed (smtp_550)". */
export function fateText(page: PageFate, at: (date: Date) => string): string {
  const ends = [
    page.sentAt ? `sent ${at(page.sentAt)}` : page.state,
    ...(page.deliveredAt ? [`delivered ${at(page.deliveredAt)}`] : []),
    ...(page.readAt ? [`read ${at(page.readAt)}`] : []),
    ...(page.failure ? [`(${page.failure})`] : []),
  ];
  return `${page.channel ?? 'gone'}: ${ends.join(', ')}`;
}
