/**
 * Which tables go into a backup, and which do not, and why: a closed list. A new table needs its row here, or a test stops.
 *
 * Invariants: no key of a day goes in, nor anything by which a member is signed in or could come in; what is sealed under a
 * key of a day goes in as it is and opens for nobody, but what is said in `links.ts`.
 */
import type { Settings } from './settings.ts';

/** Of a table that goes in only in part: which of its rows. */
type Goes = 'whole' | ((settings: Pick<Settings, 'isWhatsappKept'>) => string | undefined);

const IN: Readonly<Record<string, Goes>> = {
  alert_log: 'whole',
  alerts: 'whole',
  audit_log: 'whole',
  case_items: 'whole',
  case_tasks: 'whole',
  case_wraps: 'whole',
  cases: 'whole',
  contact_warnings: 'whole',
  contacts: 'whole',
  conversations: 'whole',
  covers: 'whole',
  deliveries: 'whole',
  duty_plans: 'whole',
  emptied_cases: 'whole',
  erasures: 'whole',
  evidence: 'whole',
  evidence_chunks: 'whole',
  gap_warnings: 'whole',
  inbox: 'whole',
  members: 'whole',
  officer_contacts: 'whole',
  officers: 'whole',
  outages: 'whole',
  pages: 'whole',
  passkeys: 'whole',
  receipt_codes: 'whole',
  roots: 'whole',
  service: 'whole',
  team_grants: 'whole',
  team_keys: 'whole',
  text_changes: 'whole',
  voice_recordings: 'whole',
  // Who is who among the people stays, or one person would become two. The session itself goes in only on the operator's
  // word: an old one that is started again breaks the one that is linked now.
  whatsapp_session: ({ isWhatsappKept }) => (isWhatsappKept ? undefined : 'outlives'),
};

/** What stays out, and why. */
const OUT: Readonly<Record<string, string>> = {
  epochs: 'the keys of the days: what they seal is forgotten with them, in every copy',
  sessions: 'who is signed in: everybody signs in anew',
  challenges: 'answers to challenges that are over',
  invitations: 'links that let somebody in: one that was used since would work again',
  backups: 'which backups there are: the place where they lie says that',
  backup_notes: 'when what was said of backups here: it begins anew',
  told_notices: 'what was told within the hour: it is told anew',
  leases: 'which process holds what: none does',
  channel_troubles: 'what does not work at this moment: it is looked at anew',
  code_tries: 'tries of one day',
  file_days: 'what was sent on one day',
  whatsapp_sent: 'kept until it has arrived, under a key of the day',
  whatsapp_staged: 'kept until it is handled, under a key of the day',
  whatsapp_status: 'what the connection is at this moment',
};

export const goesIn: readonly string[] = Object.keys(IN);
export const staysOut: ReadonlyMap<string, string> = new Map(Object.entries(OUT));

/** The condition on the rows that go in; undefined: all of them. */
export function rowsThatGoIn(table: string, settings: Pick<Settings, 'isWhatsappKept'>): string | undefined {
  const goes = IN[table];
  return typeof goes === 'function' ? goes(settings) : undefined;
}

/** Kinds of columns whose binary form is the same on every machine and in every version of PostgreSQL that there is. */
export const COLUMN_KINDS: ReadonlySet<string> = new Set([
  'boolean',
  'bytea',
  'bigint',
  'integer',
  'jsonb',
  'text',
  'timestamp with time zone',
  'uuid',
]);
