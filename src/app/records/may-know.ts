/**
 * Which people of the team may know of a case: asked wherever one reaches a person.
 *
 * Invariants: an exclusion is of a human, whatever records they have: as officer, as member, and under the same full
 * name again, its words in any order; a person who is excluded is told nothing, not even that they are.
 */
import { normalise } from '../../conversation/reading/normalise.ts';
import type { AlertRow } from '../../db/alerts.ts';
import type { Db, Tx } from '../../db/database.ts';
import { alertsNamed, excludeLike, type Ids, mayKnow, sameHumans } from '../../db/known.ts';
import { allMembers, type MemberRow } from '../../db/members.ts';
import {
  allOfficers,
  type EnrolledOfficer,
  enrolledOfficers,
  findOfficerContact,
} from '../../db/officers.ts';
import { fold } from '../../kernel/fold.ts';
import type { AlertId, ContactId, OfficerId, PersonId } from '../../kernel/ids.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { openMemberName } from './member-name.ts';
import { openName } from './officer-names.ts';

type Keys = Pick<Context, 'keyring'>;

export const idsOfOfficer = (db: Db | Tx, id: OfficerId): Promise<Ids> => sameHumans(db, [id]);

export const idsOfMember = (db: Db | Tx, { id, officerId }: MemberRow): Promise<Ids> =>
  sameHumans(db, officerId ? [id, officerId] : [id]);

/** Everybody, by every record of theirs, who must not know of an alert. */
export async function excludedFrom(
  db: Db | Tx,
  { excluded }: Pick<AlertRow, 'excluded'>,
): Promise<ReadonlySet<PersonId>> {
  return new Set(await sameHumans(db, excluded));
}

/** Those officers who may know of an alert. */
export async function whoMayKnow(
  db: Db | Tx,
  alert: Pick<AlertRow, 'excluded'>,
  officers: readonly EnrolledOfficer[],
): Promise<EnrolledOfficer[]> {
  const excluded = await excludedFrom(db, alert);
  return officers.filter(({ id }) => !excluded.has(id));
}

/** References that stand in a text, as they are shown and as buttons carry them. */
const REFERENCE = /\b[A-Z]{4}-\d{4}\b/g;

/** Of which alerts a message to an officer's contact tells; undefined: of one that they must not know of. */
export async function tellsOf(tx: Tx, contactId: ContactId, said: string): Promise<AlertId[] | undefined> {
  const found = await alertsNamed(tx, [...new Set(said.match(REFERENCE) ?? [])]);
  if (found.some(({ excluded }) => excluded.length > 0)) {
    const contact = await findOfficerContact(tx, contactId);
    const ids = contact && (await idsOfOfficer(tx, contact.officerId));
    if (!ids || !found.every((alert) => mayKnow(ids, alert))) return undefined;
  }
  return found.map(({ id }) => id);
}

/** The same humans, and anyone else in the team with the same full name: a second record lets nobody in. */
export async function withNamesakes(at: Moment<Keys>, people: Ids): Promise<PersonId[]> {
  const named = await everybody(at);
  const names = new Set(named.filter(({ id }) => people.includes(id)).map(({ name }) => name));
  const alike = named.filter(({ name }) => name !== '' && names.has(name)).map(({ id }) => id);
  return sameHumans(at.tx, [...new Set([...people, ...alike])]);
}

/** A new member of a name that is known: they must not know what the other one must not. */
export async function excludeIfNamesake(at: Moment<Keys>, id: PersonId): Promise<void> {
  const all = await withNamesakes(at, [id]);
  await excludeLike(
    at.tx,
    id,
    all.filter((each) => each !== id),
  );
}

async function everybody({ tx, ctx }: Moment<Keys>): Promise<{ id: PersonId; name: string }[]> {
  const officers = (await allOfficers(tx)).map((row) => ({ id: row.id, name: openName(ctx, row) }));
  const members = (await allMembers(tx)).map((row) => ({ id: row.id, name: openMemberName(ctx, row) }));
  return [...officers, ...members].map(({ id, name }) => ({ id, name: wordsOf(name) }));
}

/** A name as it is compared: some write the family's first, and some write a word of it twice. */
const wordsOf = (name: string): string => [...new Set(normalise(fold(name)).split(' '))].sort().join(' ');

/** Whom an alert lacks because they are excluded. Undefined: a supervisor may have it, there never was one, or nobody is excluded. */
export async function whoIsMissing(
  tx: Tx,
  alert: Pick<AlertRow, 'excluded' | 'isDrill'>,
): Promise<'nobody' | 'no_supervisor' | undefined> {
  if (alert.excluded.length === 0 || alert.isDrill) return undefined;
  const officers = await enrolledOfficers(tx);
  const left = await whoMayKnow(tx, alert, officers);
  if (officers.length > 0 && left.length === 0) return 'nobody';
  const supervises = ({ role }: { role: string }) => role === 'supervisor';
  return officers.some(supervises) && !left.some(supervises) ? 'no_supervisor' : undefined;
}
