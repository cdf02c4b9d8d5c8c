/**
 * What each role may do in the console. Every route names one of these rights (`src/http/console`); one without is
 * refused when the service starts.
 */
import { ROLES, type Role } from '../../kernel/vocabulary.ts';

const TEAM: readonly Role[] = ['officer', 'coordinator', 'administrator'];

export const RIGHTS = {
  /** One's own session, devices and key. */
  self: ROLES,
  /** References, levels, times and who has what. */
  see_inbox: TEAM,
  /** The sealed case, if one is not excluded from it. */
  open_case: TEAM,
  /** Take, give back, close: as the officer that one is. */
  decide_alert: TEAM,
  /** Say how far a case is, end it, say who answers for it: of those that one follows (`src/cases/status.ts`). */
  follow_case: TEAM,
  /** Ask that a case be erased, agree, or stop it; say that what a person asked for by right is done; hold a case, let it go. */
  see_to_rights: TEAM,
  /** Words to the reporter of an alert that one has taken. */
  write_to_reporter: TEAM,
  /** Who is a member, with which role. */
  see_members: ['coordinator', 'administrator', 'auditor'],
  /** Invite, grant the team's key, take devices and people out. */
  manage_members: ['administrator'],
  /** Make a new key for the team, and forget the old one. */
  change_team_key: ['administrator'],
  /** Seal the cases, one may open oneself, to the team's new key. */
  reseal_cases: ['coordinator', 'administrator'],
  /** Recordings of what is asked: make them, listen, say yes or no, withdraw. Whose yes is enough, and who withdraws whose: `src/app/texts`. */
  record_voices: ['officer', 'coordinator', 'administrator', 'translator'],
  /** What is said to people, in every language: read, mend, propose, comment. Whose yes is enough: `src/app/texts/second-yes.ts`. */
  work_on_texts: ['officer', 'coordinator', 'administrator', 'translator'],
  /** How the service is: what `doctor` says, with the mend. */
  see_doctor: ['coordinator', 'administrator'],
  /** How long cases are kept, which go next, and which are held. */
  see_retention: ['coordinator', 'administrator', 'auditor'],
  /** Who looked at what. */
  see_audit: ['coordinator', 'administrator', 'auditor'],
} as const satisfies Record<string, readonly Role[]>;

export type Right = keyof typeof RIGHTS;

export const may = (role: Role, right: Right): boolean => (RIGHTS[right] as readonly Role[]).includes(role);
