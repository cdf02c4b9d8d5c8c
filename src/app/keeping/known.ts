/**
 * What this database knows that no backup may bring back: what was erased and who was taken out, and what people chose to be
 * protected by.
 */
import type { Erased, Held } from '../../backup/erased.ts';
import { type MayWrite, mayWriteSchema } from '../../conversation/values/may-write.ts';
import { excludedPeople } from '../../db/alerts.ts';
import { codesReplaced } from '../../db/cases.ts';
import type { Db } from '../../db/database.ts';
import { newestPlan } from '../../db/duty-plans.ts';
import { doneErasures, emptied } from '../../db/erasures.ts';
import { allMembers, revokedPasskeys } from '../../db/members.ts';
import { allOfficers, contactsTaken } from '../../db/officers.ts';
import type { ContactId } from '../../kernel/ids.ts';
import type { Epochs } from '../keys/epochs.ts';
import { allChats, strictest } from '../records/reporter-chats.ts';
import { type ReporterLink, readLink } from '../records/reporter-link.ts';
import { linksOf } from './links.ts';

/** Everything that this database knows to be erased, and everybody who was taken out. */
export async function erasedHere(db: Db): Promise<Erased[]> {
  const done = await doneErasures(db);
  const bare = await emptied(db);
  return [
    ...done.map(
      (row): Erased => ({
        id: row.caseId,
        what: 'erased',
        at: (row.endedAt ?? row.askedAt).toISOString(),
        left: JSON.parse(
          JSON.stringify({ ...row, isUntold: false, statistics: row.statistics && base64(row.statistics) }),
        ) as Record<string, unknown>,
      }),
    ),
    ...bare.map(({ caseId, at }): Erased => ({ id: caseId, what: 'emptied', at: at.toISOString() })),
    ...takenOut('officer', await allOfficers(db)),
    ...takenOut('member', await allMembers(db)),
    ...takenOut('device', await revokedPasskeys(db)),
    ...(await contactsTaken(db)).map(
      ({ contactId, at }): Erased => ({ id: contactId, what: 'contact', at: at.toISOString() }),
    ),
    ...(await codesReplaced(db)).map(
      ({ caseId, at, code }): Erased => ({
        id: caseId,
        what: 'code',
        at: at.toISOString(),
        ...(code ? { left: { salt: base64(code.salt), hash: base64(code.hash), keyId: code.keyId } } : {}),
      }),
    ),
  ];
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const takenOut = (
  what: 'officer' | 'member' | 'device',
  rows: readonly { id: string; removedAt: Date | null }[],
): Erased[] =>
  rows.flatMap(({ id, removedAt }) => (removedAt ? [{ id, what, at: removedAt.toISOString() }] : []));

/** Chats that had the case and must not have it any more. */
const lostBy = (link: ReporterLink): ContactId[] =>
  [...allChats(link).filter(({ isCut }) => isCut), ...(link.refused ?? [])].map(({ contactId }) => contactId);

/** What people chose that counts now. `looked`: the contacts and alerts of which it is known, be it nothing. */
export async function heldHere(
  ctx: { epochs: Epochs },
  db: Db,
  at: Date,
): Promise<{ held: Held; looked: Set<string> }> {
  const now = at.toISOString();
  const looked = new Set<string>();
  const said = new Map<string, MayWrite[]>();
  const hears = (contact: string, may: MayWrite | undefined) => {
    looked.add(contact);
    if (may !== undefined && may !== true) said.set(contact, [...(said.get(contact) ?? []), may]);
  };
  const apart: Held['apart'] = [];
  for await (const { of, id, value } of linksOf(ctx, db)) {
    if (of === 'conversation') {
      const may = mayWriteSchema.safeParse((value as { mayWrite?: unknown }).mayWrite);
      if (may.success) hears(id, may.data);
    }
    const link = of === 'alert' ? readLink(value) : undefined;
    if (!link) continue;
    looked.add(id);
    for (const { contactId, mayWrite } of allChats(link)) hears(contactId, mayWrite);
    const contacts = lostBy(link);
    if (contacts.length > 0) apart.push({ alert: id, contacts, at: now });
  }
  const silent = [...said].flatMap(([contact, all]) => {
    const may = strictest(all);
    return may === undefined ? [] : [{ contact, may, at: now }];
  });
  const plan = await newestPlan(db);
  const exclusions = plan?.exclusionsSealed;
  return {
    looked,
    held: {
      excluded: (await excludedPeople(db)).map(({ caseId, excluded }) => ({
        case: caseId,
        people: excluded,
      })),
      ...(plan && exclusions
        ? { plan: { at: plan.madeAt.toISOString(), exclusions: base64(exclusions) } }
        : {}),
      silent,
      apart,
    },
  };
}
