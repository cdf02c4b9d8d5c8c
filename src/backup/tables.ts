/**
 * Which tables go into a backup, and which do not, and why: a closed list. A new table needs its row here, or a test stops.
 *
 * Invariants: no key of a day goes in, nor anything by which a member is signed in or could come in; what is sealed under a
 * key of a day goes in as it is and opens for nobody, but what is said in `links.ts`.
 */
import { isInBackup } from '../db/schema/in-backup.ts';
import * as schema from '../db/schema.ts';
import type { Settings } from './settings.ts';

/** Of messengers that have tables of their own. */
const OF_MESSENGERS = Object.values(schema).flatMap((each: unknown) => (isInBackup(each) ? [each] : []));

const IN = [
  'alert_log',
  'alerts',
  'audit_log',
  'case_holds',
  'case_items',
  'case_tasks',
  'case_wraps',
  'cases',
  'channel_numbers',
  'contact_warnings',
  'contacts',
  'conversations',
  'covers',
  'deliveries',
  'duty_plans',
  'emptied_cases',
  'erasures',
  'evidence',
  'evidence_chunks',
  'gap_warnings',
  'inbox',
  'members',
  'officer_contacts',
  'officers',
  'outages',
  'pages',
  'passkeys',
  'receipt_codes',
  'renewed_codes',
  'revoked_contacts',
  'roots',
  'service',
  'team_grants',
  'team_keys',
  'text_changes',
  'voice_recordings',
] as const;

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
};

const WITHOUT_SESSION: ReadonlyMap<string, string> = new Map(
  OF_MESSENGERS.flatMap((each) =>
    Object.entries(each.goesIn).flatMap(([name, { withoutSession: rows }]) =>
      rows ? [[name, rows] as const] : [],
    ),
  ),
);

export const goesIn: readonly string[] = [
  ...IN,
  ...OF_MESSENGERS.flatMap((each) => Object.keys(each.goesIn)),
];
export const staysOut: ReadonlyMap<string, string> = new Map(
  [OUT, ...OF_MESSENGERS.map((each) => each.staysOut)].flatMap((each) => Object.entries(each)),
);

/** The condition on the rows that go in; undefined: all of them. */
export const rowsThatGoIn = (
  table: string,
  { isSessionKept }: Pick<Settings, 'isSessionKept'>,
): string | undefined => (isSessionKept ? undefined : WITHOUT_SESSION.get(table));

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
