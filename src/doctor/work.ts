/** What `doctor` says of work that waits although it should not: alerts, messages both ways, contacts that reach nobody. */
import { line, otherInRoom } from '../app/ground/lines.ts';
import type { Db } from '../db/database.ts';
import { sql } from '../db/drizzle.cjs';
import { checkContacts } from './channels.ts';
import { type Check, fail, ok, warn } from './check.ts';

export async function checkWork(db: Db): Promise<Check[]> {
  const [row] = await db.execute<
    Record<'late' | 'parked' | 'waiting' | 'stuck' | 'unreached' | 'unverified', number>
  >(sql`
    select (select count(*)::int from alerts where state <> 'closed' and next_step_at < now() - interval '1 minute') as late,
      (select count(*)::int from inbox where state = 'parked') as parked,
      (select count(*)::int from inbox where state in ('waiting', 'failed') and received_at < now() - interval '15 minutes') as waiting,
      (select count(*)::int from deliveries where state in ('queued', 'sending') and due_at < now() - interval '5 minutes') as stuck,
      (select count(*)::int from contacts join officer_contacts on contact_id = contacts.id where blocked_at is not null) as unreached,
      (select count(*)::int from officer_contacts join officers on officers.id = officer_id where verified_at is null and removed_at is null) as unverified`);
  const { late = 0, parked = 0, waiting = 0, stuck = 0, unreached = 0, unverified = 0 } = row ?? {};
  return [
    late > 0
      ? fail(
          'alerts',
          otherInRoom(line('work.late', { count: late }), line('work.late_some')),
          line('work.late_mend'),
        )
      : ok('alerts', line('work.none_late')),
    stuck > 0
      ? warn(
          'messages',
          otherInRoom(line('work.stuck', { count: stuck }), line('work.stuck_some')),
          line('work.stuck_mend'),
        )
      : ok('messages', line('work.none_stuck')),
    ...(parked > 0
      ? [
          warn(
            'parked',
            otherInRoom(line('work.parked', { count: parked }), line('work.parked_some')),
            line('work.parked_mend'),
          ),
        ]
      : []),
    ...(waiting > 0
      ? [
          warn(
            'backlog',
            otherInRoom(line('work.backlog', { count: waiting }), line('work.backlog_some')),
            line('work.backlog_mend'),
          ),
        ]
      : []),
    ...(unreached > 0
      ? [warn('officers', line('work.unreached', { count: unreached }), line('work.unreached_mend'))]
      : []),
    ...(await checkContacts(db, new Date())),
    ...(unverified > 0
      ? [warn('contacts', line('work.unverified', { count: unverified }), line('work.unverified_mend'))]
      : []),
  ];
}
