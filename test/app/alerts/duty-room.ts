/**
 * A duty room: a real database, a clock that is moved by hand, officers and reporters with phones in memory.
 * What is sent is opened with the service's own keys, as the deliver cycle does.
 */
import { randomUUID } from 'node:crypto';
import { raiseAlert } from '../../../src/app/alerts/alerting.ts';
import { escalateDue } from '../../../src/app/alerts/escalate.ts';
import { movePagesOn } from '../../../src/app/alerts/page-failure.ts';
import { openQuietAlert } from '../../../src/app/alerts/quiet-alerts.ts';
import { addOfficer, newCodeFor } from '../../../src/app/duty/officers.ts';
import { bodyContext } from '../../../src/app/ground/outbox.ts';
import { openLive } from '../../../src/app/keys/epochs.ts';
import { handleOfficerMessage } from '../../../src/app/officer-chat/officer.ts';
import { meetCode } from '../../../src/app/officer-chat/officer-enrolment.ts';
import { createDraft, openCase } from '../../../src/app/records/case-opening.ts';
import type { IncomingContent, IncomingMessage, OutgoingMessage } from '../../../src/channels/channel.ts';
import type { MayWrite } from '../../../src/conversation/values/may-write.ts';
import { eq } from '../../../src/db/drizzle.cjs';
import { contactsWithAddress, findOfficerContact } from '../../../src/db/officers.ts';
import { alertLog, alerts, contacts, deliveries } from '../../../src/db/schema.ts';
import type { CaseId, ContactId, OfficerId } from '../../../src/kernel/ids.ts';
import { hours, minutes, seconds } from '../../../src/kernel/time.ts';
import { demandsAlert, isPageClass, type Level } from '../../../src/kernel/vocabulary.ts';
import { openRoom, type RoomOptions } from '../room.ts';

export type Shown = OutgoingMessage & {
  id: number;
  at: Date;
  action: 'send' | 'edit' | 'retract';
  class: number;
};

export type Officer = { contactId: ContactId; officerId: OfficerId };
export type DutyRoom = Awaited<ReturnType<typeof openDutyRoom>>;

export async function openDutyRoom(options: RoomOptions = {}) {
  const room = await openRoom(options);
  const { ctx, clock, database, inside, newContact } = room;

  /** What everybody has been sent, in order, by contact. */
  const phones = new Map<ContactId, Shown[]>();
  /** Contacts that have blocked the bot: what is sent there fails. */
  const blocked = new Set<ContactId>();
  /** Contacts whose messenger does not answer: what is sent there waits and is tried again. */
  const unreachable = new Set<ContactId>();

  /** Sends what is due, as the deliver cycle does, and looks at failures. */
  async function deliver(): Promise<void> {
    const now = clock.at();
    const due = (await database.db.select().from(deliveries).orderBy(deliveries.class, deliveries.id)).filter(
      (row) => row.state === 'queued' && row.dueAt <= now,
    );
    for (const row of due) {
      if (unreachable.has(row.contactId)) {
        const dueAt = new Date(now.getTime() + seconds(15));
        await database.db
          .update(deliveries)
          .set({ attempts: row.attempts + 1, failure: 'unreachable', dueAt })
          .where(eq(deliveries.id, row.id));
        continue;
      }
      if (blocked.has(row.contactId)) {
        const { pageFailed } = await import('../../../src/app/alerts/page-failure.ts');
        await inside(async (at) => {
          const { tx, now } = at;
          await tx
            .update(deliveries)
            .set({ state: 'failed', bodySealed: null })
            .where(eq(deliveries.id, row.id));
          if (row.action === 'send' && isPageClass(row.class)) await pageFailed(at, row.id, 'blocked');
          await tx.update(contacts).set({ blockedAt: now }).where(eq(contacts.id, row.contactId));
        });
        continue;
      }
      const live = { epochId: row.epochId, sealed: row.bodySealed };
      const message = (await openLive(ctx, database.db, live, bodyContext(row.contactId))) as OutgoingMessage;
      const phone = phones.get(row.contactId) ?? [];
      const shown = { ...message, id: row.targetId ?? row.id, at: now, action: row.action, class: row.class };
      phones.set(row.contactId, [...phone, shown]);
      await database.db
        .update(deliveries)
        .set({ state: 'sent', sentAt: now, bodySealed: null, messageRefSealed: new Uint8Array([1]) })
        .where(eq(deliveries.id, row.id));
    }
    if (due.some((row) => blocked.has(row.contactId))) await deliver();
  }

  /** Looks at the alerts and sends, as the cycles do each second. */
  async function cycle(): Promise<void> {
    while ((await escalateDue(ctx)) + (await movePagesOn(ctx)) > 0);
    await deliver();
  }

  return {
    ctx,
    clock,
    database,
    serverKey: room.serverKey,
    team: room.team,
    inside,
    newContact,
    deliver,
    cycle,
    phones,
    blocked,
    unreachable,

    /** Time goes by, with the cycles running every ten seconds. */
    async pass(ms: number): Promise<void> {
      for (let left = ms; left > 0; left -= seconds(10)) {
        clock.advance(Math.min(left, seconds(10)));
        await cycle();
      }
    },
    /** Adds an officer and has them enrol from a phone; on duty unless said otherwise. */
    async enrol(
      name: string,
      more: { role?: 'officer' | 'supervisor'; isOnDuty?: boolean; language?: string } = {},
    ): Promise<Officer> {
      const contactId = await newContact();
      const officer = {
        name,
        role: more.role ?? 'officer',
        language: more.language ?? options.language ?? 'en',
      };
      const { code, officerId } = await inside((at) => addOfficer(at, officer as never));
      await inside((at) => meetCode(at, contactId, { code, isMeant: true }));
      await say({ contactId }, `o:duty:${more.isOnDuty === false ? 'off' : 'on'}`);
      await deliver();
      phones.delete(contactId);
      return { contactId, officerId };
    },
    /** The officer enrols from another phone too. */
    async enrolAlso({ officerId }: { officerId: OfficerId }): Promise<ContactId> {
      const contactId = await newContact();
      const { code } = await inside((at) => newCodeFor(at, officerId));
      await inside((at) => meetCode(at, contactId, { code, isMeant: true }));
      await deliver();
      phones.delete(contactId);
      return contactId;
    },
    say,
    contactOf,
    /** The officer adds a contact, as "email awa@example.org", and types the code that came there. */
    async adds(officer: Officer, what: string): Promise<ContactId> {
      await say(officer, `add ${what}`);
      const contactId = await contactOf(officer, what.split(' ')[0] ?? '');
      const text = (phones.get(contactId) ?? []).at(-1)?.text ?? '';
      await say(officer, /\d{6}/.exec(text)?.[0] ?? 'no code');
      return contactId;
    },
    /** A reporter asks for help, or reports what is not urgent. */
    async raise(
      level: Level = 'critical',
      more: { mayWrite?: MayWrite; region?: string } = {},
    ): Promise<{ caseId: CaseId; reference: string; contactId: ContactId }> {
      const contactId = await newContact();
      return inside(async (at) => {
        const caseId = await createDraft(at, 'telegram');
        const facts = { level, isSubmitted: false, isUnfinished: false };
        const reference = await openCase(at, caseId, facts);
        const alert = { caseId, reference, level, contactId, ...more };
        if (demandsAlert(level)) await raiseAlert(at, alert);
        else await openQuietAlert(at, alert);
        return { caseId, reference, contactId };
      });
    },
    async alert(reference: string) {
      const [row] = await database.db.select().from(alerts).where(eq(alerts.reference, reference));
      if (!row) throw new Error('no such alert');
      return row;
    },
    async log(reference: string): Promise<string[]> {
      const rows = await database.db
        .select({ what: alertLog.what })
        .from(alertLog)
        .innerJoin(alerts, eq(alerts.id, alertLog.alertId))
        .where(eq(alerts.reference, reference))
        .orderBy(alertLog.id);
      return rows.map((row) => row.what);
    },
    /** Texts that arrived with a message of their own. */
    sent: (contactId: ContactId): Shown[] =>
      (phones.get(contactId) ?? []).filter((each) => each.action === 'send'),
    /** Pages that arrived. */
    pages: (contactId: ContactId): Shown[] =>
      (phones.get(contactId) ?? []).filter(
        (each) =>
          each.action === 'send' && each.rows?.flat().some((button) => button.data.startsWith('o:take:')),
      ),
    /** What stands on the phone now: each message as it was last changed. */
    screen(contactId: ContactId): string[] {
      const now = new Map<number, string>();
      for (const each of phones.get(contactId) ?? []) now.set(each.id, each.text);
      return [...now.values()];
    },
    last: (contactId: ContactId): Shown | undefined =>
      (phones.get(contactId) ?? []).filter((each) => each.action === 'send').at(-1),
    close: room.close,
  };

  /** The officer's contact of a kind. */
  async function contactOf({ officerId }: Officer, channel: string): Promise<ContactId> {
    const all = await contactsWithAddress(database.db, officerId);
    const found = all.find((each) => each.channel === channel);
    if (!found) throw new Error(`no ${channel}`);
    return found.contactId;
  }

  /** An officer touches a button (`o:…`) or writes; then what is due leaves. */
  async function say(from: { contactId: ContactId }, what: string | IncomingContent): Promise<string> {
    const text: IncomingContent =
      typeof what !== 'string'
        ? what
        : /^[oc]:/.test(what)
          ? { kind: 'button', data: what }
          : { kind: 'text', text: what };
    const message: IncomingMessage = { channel: 'telegram', id: randomUUID(), address: 'x', content: text };
    const handled = await inside(async (at) => {
      const row = await findOfficerContact(at.tx, from.contactId);
      if (!row) return 'as_reporter';
      return handleOfficerMessage(at, { contactId: from.contactId, officerId: row.officerId }, message);
    });
    await deliver();
    return handled;
  }
}

export { hours, minutes, seconds };
