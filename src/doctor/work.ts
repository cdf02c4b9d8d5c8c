/** What `doctor` says of work that waits although it should not: alerts, messages both ways, contacts that reach nobody. */
import type { Db } from '../db/database.ts';
import { sql } from '../db/drizzle.cjs';
import { TOOL } from '../kernel/tool.ts';
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
      ? fail('alerts', `${late} should have gone on to the next person`, 'start the service')
      : ok('alerts', 'none is late'),
    stuck > 0
      ? warn(
          'messages',
          `${stuck} wait for more than 5 minutes`,
          'see that the service runs and its messengers are reached',
        )
      : ok('messages', 'none waits for long'),
    ...(parked > 0
      ? [
          warn(
            'parked',
            `${parked} incoming messages could not be handled`,
            'they are kept; send the log to the developers',
          ),
        ]
      : []),
    ...(waiting > 0
      ? [
          warn(
            'backlog',
            `${waiting} incoming messages wait for more than 15 minutes`,
            'they are kept; somebody floods the line, or the service does not run',
          ),
        ]
      : []),
    ...(unreached > 0
      ? [
          warn(
            'officers',
            `${unreached} of their contacts reach nobody any more: blocked there, gone, or on a new phone`,
            `${TOOL} officer contact list NAME says which; docs/contacts.md, "A new phone"`,
          ),
        ]
      : []),
    ...(await checkContacts(db, new Date())),
    ...(unverified > 0
      ? [
          warn(
            'contacts',
            `${unverified} of officers wait for their code: no page goes there`,
            `the officer types the code in their chat, or: ${TOOL} officer contact verify`,
          ),
        ]
      : []),
  ];
}
