/**
 * Everything that can stand in the way of a decision about an alert: the use case answers it as a value, the officer's chat
 * in words, the console with a status and no audit entry. One database: what is refused changes nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repeatSos } from '../../../src/app/alerts/alerting.ts';
import { close } from '../../../src/app/decisions/closing.ts';
import { declineCode, grantCode } from '../../../src/app/decisions/codes.ts';
import { type Decider, deciderOf } from '../../../src/app/decisions/deciding.ts';
import { colleaguesFor, offer } from '../../../src/app/decisions/handing-over.ts';
import { mayMute, mute, unmute } from '../../../src/app/decisions/muting.ts';
import { admitPhone, keepPhones } from '../../../src/app/decisions/phones.ts';
import { sendPhrase } from '../../../src/app/decisions/phrases.ts';
import { acknowledge, decline, release, take, takeAgain } from '../../../src/app/decisions/taking.ts';
import type { Done, Refused } from '../../../src/app/decisions/what-came.ts';
import type { Moment } from '../../../src/app/ground/transaction.ts';
import { sealReporter } from '../../../src/app/records/reporter-link.ts';
import { updateAlert } from '../../../src/db/alerts.ts';
import { askTask } from '../../../src/db/case-tasks.ts';
import { updateContact } from '../../../src/db/contacts.ts';
import type { ContactId } from '../../../src/kernel/ids.ts';
import { type DutyRoom, type Officer, openDutyRoom } from '../alerts/duty-room.ts';
import { type Answered, openConsoleOf } from './console-of.ts';

type Case = Awaited<ReturnType<DutyRoom['raise']>>;
type Ask = (path: string, payload?: object) => Promise<Answered>;
type UseCase = (at: Moment, by: Decider, reference: string) => Promise<Done | Refused>;

let room: DutyRoom;
let awa: Officer;
let binta: Officer;
let demba: Officer;
let consoleOf: Awaited<ReturnType<typeof openConsoleOf>>;
let bintaAsks: Ask;

beforeAll(async () => {
  room = await openDutyRoom();
  awa = await room.enrol('Awa');
  binta = await room.enrol('Binta');
  demba = await room.enrol('Demba');
  consoleOf = await openConsoleOf(room);
  bintaAsks = await consoleOf.enters(binta);
});
afterAll(async () => {
  await consoleOf.close();
  await room.close();
});

/** What Binta may find when she decides. */
const STANDS = {
  'does not exist': async () => 'KOKO-0000',
  'must not be known to her': async () => {
    const { reference } = await room.raise();
    const { sql } = room.database;
    await sql`update alerts set excluded = ${sql.json([binta.officerId])} where reference = ${reference}`;
    return reference;
  },
  'has no taker': async () => (await room.raise()).reference,
  'is Awa’s': async () => {
    const { reference } = await room.raise();
    await room.say(awa, `o:take:${reference}`);
    return reference;
  },
  'is closed': async () => {
    const { reference } = await room.raise();
    await room.say(awa, `o:take:${reference}`);
    await room.say(awa, `o:end_resolved:${reference}`);
    return reference;
  },
} satisfies Record<string, () => Promise<string>>;
type Stand = keyof typeof STANDS;

/** Why not, for an officer who must have the alert first. */
const MUST_HAVE_IT: Readonly<Record<Stand, Refused>> = {
  'does not exist': { ok: false, reason: 'no_such' },
  'must not be known to her': { ok: false, reason: 'no_such' },
  'has no taker': { ok: false, reason: 'not_taken' },
  'is Awa’s': { ok: false, reason: 'already_taken', by: 'Awa', at: new Date('2026-11-24T14:00:00Z') },
  'is closed': { ok: false, reason: 'closed' },
};
const { 'has no taker': _free, ...CAN_TAKE } = MUST_HAVE_IT;
const { 'is closed': _over, ...CAN_TAKE_AGAIN } = CAN_TAKE;

/** What the officer's chat says, by the reason. */
const SAYS: Partial<Record<Refused['reason'], (reference: string) => string>> = {
  no_such: (reference) => `No alert ${reference}.`,
  not_taken: (reference) => `Take ${reference} first.`,
  already_taken: (reference) => `Awa took it at 14:00 (${reference}).`,
  closed: (reference) => `${reference} is closed already.`,
};
/** What the console answers. */
const STATUS: Partial<Record<Refused['reason'], number>> = { no_such: 404 };

type Decision = {
  do: UseCase;
  why: Partial<Record<Stand, Refused>>;
  /** As it is pressed in the chat; absent: it stands on no button. */
  pressed?: (reference: string) => string;
  /** As it is sent by the console; absent: the console does not have it. */
  sent?: () => object;
};

const DECISIONS: Readonly<Record<string, Decision>> = {
  take: {
    do: take,
    why: CAN_TAKE,
    pressed: (reference) => `o:take:${reference}`,
    sent: () => ({ do: 'take' }),
  },
  'take again': { do: takeAgain, why: CAN_TAKE_AGAIN, sent: () => ({ do: 'take_again' }) },
  decline: {
    do: decline,
    why: CAN_TAKE,
    pressed: (reference) => `o:cannot:${reference}`,
    sent: () => ({ do: 'cannot' }),
  },
  'give back': {
    do: release,
    why: MUST_HAVE_IT,
    pressed: (reference) => `o:release:${reference}`,
    sent: () => ({ do: 'release' }),
  },
  'say seen': {
    do: acknowledge,
    why: MUST_HAVE_IT,
    pressed: (reference) => `o:ack:${reference}`,
    sent: () => ({ do: 'seen' }),
  },
  'hand over': {
    do: (at, by, reference) => offer(at, by, reference, demba.officerId),
    why: MUST_HAVE_IT,
    pressed: (reference) => `o:give:${reference}/${demba.officerId}`,
    sent: () => ({ do: 'hand_over', to: demba.officerId }),
  },
  'be shown to whom to hand over': {
    do: async (at, by, reference) => {
      const found = await colleaguesFor(at, by, reference);
      return found.ok ? { ok: true, came: 'seen' } : found;
    },
    why: MUST_HAVE_IT,
    pressed: (reference) => `o:hand_over:${reference}`,
  },
  close: {
    do: (at, by, reference) => close(at, by, reference, 'resolved'),
    why: MUST_HAVE_IT,
    pressed: (reference) => `o:end_resolved:${reference}`,
    sent: () => ({ do: 'close', outcome: 'resolved' }),
  },
  'decide whose the phones are': {
    do: keepPhones,
    why: MUST_HAVE_IT,
    pressed: (reference) => `o:chats_all:${reference}`,
    sent: () => ({ do: 'phones' }),
  },
  'let a phone in again': {
    do: (at, by, reference) => admitPhone(at, by, reference, '01234567'),
    why: MUST_HAVE_IT,
    pressed: (reference) => `o:chat_again:${reference}/01234567`,
  },
  'send a phrase': {
    do: (at, by, reference) => sendPhrase(at, by, reference, 'call'),
    why: MUST_HAVE_IT,
    pressed: (reference) => `o:p_call:${reference}`,
    sent: () => ({ do: 'phrase', phrase: 'call' }),
  },
  'grant a new code': {
    do: grantCode,
    why: MUST_HAVE_IT,
    pressed: (reference) => `o:code_yes:${reference}`,
    sent: () => ({ do: 'code_yes' }),
  },
  'decline a new code': {
    do: declineCode,
    why: MUST_HAVE_IT,
    pressed: (reference) => `o:code_no:${reference}`,
    sent: () => ({ do: 'code_no' }),
  },
  mute: {
    do: (at, by, reference) => mute(at, by, reference, 'insults'),
    why: MUST_HAVE_IT,
    pressed: (reference) => `o:mute:${reference}`,
  },
  unmute: { do: unmute, why: MUST_HAVE_IT, pressed: (reference) => `o:unmute:${reference}` },
};

const decided = (who: Officer, work: UseCase, reference: string): Promise<Done | Refused> =>
  room.inside(async (at) => {
    const by = await deciderOf(at.tx, who.officerId);
    if (!by) throw new Error('no officer');
    return work(at, by, reference);
  });
const audited = async (): Promise<number> => {
  const [row] = await room.database
    .sql`select count(*)::int as n from audit_log where what = 'alert_decided'`;
  return row?.n;
};
const everyAlert = () => room.database.sql`select * from alerts order by id`;

describe.each(Object.keys(STANDS) as Stand[])('an alert that %s', (stand) => {
  let reference: string;
  beforeAll(async () => {
    reference = await STANDS[stand]();
    await room.deliver();
  });

  const these = Object.entries(DECISIONS).filter(([, { why }]) => why[stand]);
  it.each(these)('she cannot %s, and is told why in the chat and in the console', async (_name, decision) => {
    const why = decision.why[stand] as Refused;
    const before = [await everyAlert(), await audited()];
    expect(await decided(binta, decision.do, reference)).toEqual(why);
    if (decision.pressed) {
      await room.say(binta, decision.pressed(reference));
      expect(room.last(binta.contactId)?.text).toBe(SAYS[why.reason]?.(reference));
    }
    if (decision.sent) {
      const said = room.sent(binta.contactId).length;
      const { status, body } = await bintaAsks(`alerts/${reference}`, decision.sent());
      expect(status).toBe(STATUS[why.reason] ?? 409);
      const { ok: _, reason, ...more } = why;
      expect(body).toEqual(JSON.parse(JSON.stringify({ error: reason, ...more })));
      // The console says it itself.
      expect(room.sent(binta.contactId)).toHaveLength(said);
    }
    expect([await everyAlert(), await audited()]).toEqual(before);
  });
});

describe('an alert that is hers', () => {
  let raised: Case;
  let alertId: string;
  const hers = async (more: Parameters<DutyRoom['raise']>[1] = {}): Promise<void> => {
    raised = await room.raise('urgent', more);
    await room.say(binta, `o:take:${raised.reference}`);
    ({ id: alertId } = await room.alert(raised.reference));
  };
  const inConsole = (body: object) => bintaAsks(`alerts/${raised.reference}`, body);
  const inChat = async (button: string): Promise<string | undefined> => {
    await room.say(binta, button);
    return room.last(binta.contactId)?.text;
  };

  it('is not offered to a colleague who must not have it, nor to one who cannot be reached', async () => {
    await hers();
    const offers: UseCase = (at, by, reference) => offer(at, by, reference, demba.officerId);
    const body = { do: 'hand_over', to: demba.officerId };
    const button = `o:give:${raised.reference}/${demba.officerId}`;
    const before = await audited();
    const looks = async () => {
      expect(await decided(binta, offers, raised.reference)).toEqual({ ok: false, reason: 'not_offered' });
      expect(await inConsole(body)).toEqual({ status: 409, body: { error: 'not_offered' } });
      expect(await inChat(button)).toContain('to whom?');
    };
    const { sql } = room.database;
    await sql`update alerts set excluded = ${sql.json([demba.officerId])} where id = ${alertId}`;
    await looks();
    await sql`update alerts set excluded = '[]' where id = ${alertId}`;
    await sql`update contacts set blocked_at = now() where id = ${demba.contactId}`;
    await looks();
    await sql`update contacts set blocked_at = now() where id = ${awa.contactId}`;
    expect(await inChat(button)).toBe(`${raised.reference}: nobody else can be reached. It stays with you.`);
    await sql`update contacts set blocked_at = null`;
    expect(await audited()).toBe(before);
    expect(room.pages(demba.contactId)).toEqual([]);
  });

  it('is in one phone: there is none to choose', async () => {
    await hers();
    const keep: UseCase = (at, by, reference) => keepPhones(at, by, reference);
    expect(await decided(binta, keep, raised.reference)).toEqual({ ok: false, reason: 'one_phone' });
    expect(await inConsole({ do: 'phones' })).toEqual({ status: 409, body: { error: 'one_phone' } });
    expect(await inChat(`o:chats_all:${raised.reference}`)).toContain('in one phone only');
    // A button without its phone chooses none, least of all the first.
    expect(await inChat(`o:chat_only:${raised.reference}`)).toContain('in one phone only');
  });

  it('is of a person who asks for no code: none is granted or declined', async () => {
    await hers();
    for (const [decide, button, body] of [
      [grantCode, 'code_yes', { do: 'code_yes' }],
      [declineCode, 'code_no', { do: 'code_no' }],
    ] as const) {
      expect(await decided(binta, decide, raised.reference)).toEqual({ ok: false, reason: 'no_task' });
      expect(await inConsole(body)).toEqual({ status: 409, body: { error: 'no_task' } });
      expect(await inChat(`o:${button}:${raised.reference}`)).toContain('nobody asks for a code');
    }
  });

  describe('and whose reporter', () => {
    /** Another phone has found the case again. */
    const inTwoPhones = async (): Promise<ContactId> => {
      await hers();
      const other = await room.newContact();
      await room.inside(async (at) => {
        const chats = [
          { contactId: raised.contactId },
          { contactId: other, cameBackAt: at.now.toISOString() },
        ];
        const link = { contactId: raised.contactId, chats, isUndecided: true };
        await updateAlert(at.tx, alertId as never, await sealReporter(at, alertId as never, link));
      });
      return other;
    };
    const SITUATIONS: Readonly<
      Record<string, { reason: Refused['reason']; is: () => Promise<unknown>; says: string }>
    > = {
      'must not be written to': {
        reason: 'unsafe',
        is: () => hers({ mayWrite: false }),
        says: 'not sent. The person wants no message here',
      },
      'has blocked the service': {
        reason: 'blocked',
        is: async () => {
          await hers();
          await room.inside(({ tx, now }) => updateContact(tx, raised.contactId, { blockedAt: now }));
        },
        says: 'not sent. They can be written to here no more',
      },
      'is not known any more': {
        reason: 'unknown',
        is: async () => {
          await hers();
          await room.inside(({ tx }) =>
            updateAlert(tx, alertId as never, { reporterSealed: null, epochId: null }),
          );
        },
        says: 'not sent.',
      },
      'may be another person on another phone': {
        reason: 'undecided',
        is: inTwoPhones,
        says: "not sent. First decide which phone is the person's",
      },
    };

    it.each(Object.entries(SITUATIONS))(
      '%s is sent no phrase, and it is said why',
      async (_name, { reason, is, says }) => {
        await is();
        const before = await audited();
        const phrase: UseCase = (at, by, reference) => sendPhrase(at, by, reference, 'call');
        expect(await decided(binta, phrase, raised.reference)).toEqual({ ok: false, reason });
        expect(await inConsole({ do: 'phrase', phrase: 'call' })).toEqual({
          status: 409,
          body: { error: reason },
        });
        expect(await inChat(`o:p_call:${raised.reference}`)).toContain(says);
        expect(await audited()).toBe(before);
        expect(room.sent(raised.contactId).filter(({ text }) => text.includes('will call'))).toEqual([]);
      },
    );

    it('has several phones: one that is none of them is not kept, and none is muted before that is decided', async () => {
      const other = await inTwoPhones();
      const { reference } = raised;
      const keep: UseCase = (at, by, ref) => keepPhones(at, by, ref, '00000000');
      expect(await decided(binta, keep, reference)).toEqual({ ok: false, reason: 'no_such_phone' });
      const body = { do: 'phones', only: '00000000' };
      expect(await inConsole(body)).toEqual({ status: 409, body: { error: 'no_such_phone' } });
      expect(await inChat(`o:chat_only:${reference}/00000000`)).toContain('Which');
      expect(await inChat(`o:chat_only:${reference}`)).toContain('Which');
      const admit: UseCase = (at, by, ref) => admitPhone(at, by, ref, '00000000');
      expect(await decided(binta, admit, reference)).toEqual({ ok: false, reason: 'no_such_phone' });
      const may: UseCase = async (at, by, ref) => {
        const found = await mayMute(at, by, ref);
        return found.ok ? { ok: true, came: 'muted' } : found;
      };
      expect(await decided(binta, may, reference)).toEqual({ ok: false, reason: 'undecided' });
      expect(await inChat(`o:mute:${reference}`)).toContain('First decide which phone');
      const muted = await room.database.sql`select 1 from contacts where muted_at is not null`;
      expect(muted).toHaveLength(0);
      expect(await inConsole({ do: 'phones', only: other.slice(0, 8) })).toEqual({
        status: 200,
        body: { ok: true },
      });
    });

    it('has several phones: no new code is granted before that is decided, so that it reaches no other person', async () => {
      await inTwoPhones();
      const { reference } = raised;
      const { sql } = room.database;
      await room.inside(async ({ tx, now }) => {
        const [row] = await sql`select case_id from alerts where reference = ${reference}`;
        await askTask(tx, row?.case_id, 'code', now);
      });
      expect(await decided(binta, grantCode, reference)).toEqual({ ok: false, reason: 'undecided' });
      expect(await inConsole({ do: 'code_yes' })).toEqual({ status: 409, body: { error: 'undecided' } });
      expect(await inChat(`o:code_yes:${reference}`)).toContain("First decide which phone is the person's");
      expect(await sql`select state from case_tasks where kind = 'code' and state = 'open'`).toHaveLength(1);
    });

    it('is not known any more cannot be muted', async () => {
      await SITUATIONS['is not known any more']?.is();
      const mutes: UseCase = (at, by, ref) => mute(at, by, ref, 'insults');
      expect(await decided(binta, mutes, raised.reference)).toEqual({ ok: false, reason: 'unknown' });
      expect(await inChat(`o:mute:${raised.reference}`)).toContain('the link to the person has been erased');
    });

    it('is not known any more has no phones to decide about, from the chat or from the room', async () => {
      await SITUATIONS['is not known any more']?.is();
      const keep: UseCase = (at, by, ref) => keepPhones(at, by, ref);
      expect(await decided(binta, keep, raised.reference)).toEqual({ ok: false, reason: 'unknown' });
      expect(await inConsole({ do: 'phones' })).toEqual({ status: 409, body: { error: 'unknown' } });
      expect(await inChat(`o:chats_all:${raised.reference}`)).toContain(
        'the link to the person has been erased',
      );
    });
  });
});

describe('in the console', () => {
  it('a member who is no officer decides about no alert', async () => {
    const asks = await consoleOf.enters();
    const { reference } = await room.raise();
    expect(await asks(`alerts/${reference}`, { do: 'take' })).toEqual({
      status: 409,
      body: { error: 'no_officer' },
    });
    expect(await room.alert(reference)).toMatchObject({ state: 'open' });
  });

  it('an officer whose only chat is blocked takes, writes and closes like any other', async () => {
    const kadi = await room.enrol('Kadi');
    const asks = await consoleOf.enters(kadi);
    const raised = await room.raise();
    const { reference } = raised;
    await room.inside(({ tx, now }) => updateContact(tx, kadi.contactId, { blockedAt: now }));
    const before = await audited();
    const done = { status: 200, body: { ok: true } };
    expect(await asks(`alerts/${reference}`, { do: 'take' })).toEqual(done);
    expect(await room.alert(reference)).toMatchObject({ state: 'taken', takenBy: kadi.officerId });
    expect(await asks(`alerts/${reference}`, { do: 'phrase', phrase: 'call' })).toEqual(done);
    expect(room.last(raised.contactId)?.text).toContain('a call will follow');
    expect(await asks(`alerts/${reference}`, { do: 'close', outcome: 'reached' })).toEqual(done);
    expect(await room.alert(reference)).toMatchObject({ state: 'closed', outcome: 'reached' });
    expect(await audited()).toBe(before + 3);
    expect(room.sent(kadi.contactId)).toEqual([]);
  });

  it('a colleague whose chat is blocked sees that it is offered to them, accepts it, and says seen when the person asks again', async () => {
    const oumou = await room.enrol('Oumou');
    const asks = await consoleOf.enters(oumou);
    const watcher = await consoleOf.enters();
    const { reference, caseId } = await room.raise();
    const seenBy = async (who: Ask): Promise<unknown[]> => {
      const { alert } = (await who(`cases/${reference}`)).body as { alert: Record<string, unknown> };
      return ['isMine', 'isOfferedToMe', 'isAskedAgain'].filter((flag) => alert[flag]);
    };
    const done = { status: 200, body: { ok: true } };
    const decides = (who: Ask, body: object) => who(`alerts/${reference}`, body);
    const everybody = async () => [await seenBy(bintaAsks), await seenBy(asks), await seenBy(watcher)];
    expect(await everybody()).toEqual([[], [], []]);
    const offers = async () => {
      await decides(bintaAsks, { do: 'take' });
      expect(await decides(bintaAsks, { do: 'hand_over', to: oumou.officerId })).toEqual(done);
      expect(await everybody()).toEqual([['isMine'], ['isOfferedToMe'], []]);
    };
    await offers();
    await room.inside(({ tx, now }) => updateContact(tx, oumou.contactId, { blockedAt: now }));
    expect(await decides(asks, { do: 'cannot' })).toEqual(done);
    expect(await everybody()).toEqual([['isMine'], [], []]);
    await room.inside(({ tx }) => updateContact(tx, oumou.contactId, { blockedAt: null }));
    await offers();
    await room.inside(({ tx, now }) => updateContact(tx, oumou.contactId, { blockedAt: now }));
    expect(await decides(asks, { do: 'take' })).toEqual(done);
    expect(await everybody()).toEqual([[], ['isMine'], []]);
    await room.inside((at) => repeatSos(at, caseId));
    expect(await everybody()).toEqual([[], ['isMine', 'isAskedAgain'], []]);
    expect(await decides(bintaAsks, { do: 'seen' })).toMatchObject({ status: 409, body: { by: 'Oumou' } });
    expect(await decides(asks, { do: 'seen' })).toEqual(done);
    expect(await everybody()).toEqual([[], ['isMine'], []]);
    expect(await room.alert(reference)).toMatchObject({ state: 'taken', takenBy: oumou.officerId });
    // Closed, it asks nobody for anything.
    await room.inside((at) => repeatSos(at, caseId));
    await decides(asks, { do: 'close', outcome: 'reached' });
    expect((await everybody()).flat()).not.toContain('isAskedAgain');
  });

  it('what was taken is shown in the officer’s chat, with what can be done there', async () => {
    const { reference } = await room.raise();
    await bintaAsks(`alerts/${reference}`, { do: 'take' });
    expect(room.last(binta.contactId)?.text).toContain('YOURS since 14:00');
    const buttons = room.last(binta.contactId)?.rows?.flat();
    expect(buttons?.map(({ data }) => data)).toContain(`o:close:${reference}`);
    // A second press changes nothing.
    expect(await bintaAsks(`alerts/${reference}`, { do: 'take' })).toMatchObject({ status: 200 });
  });

  it('a level is not changed without a reason, in a case that moved on, or in one that must not be known', async () => {
    const { reference } = await room.raise('critical');
    const low = { level: 'low', reason: { place: 7, ciphertext: 'eA==' } };
    expect(await bintaAsks(`cases/${reference}/level`, { level: 'low' })).toEqual({
      status: 400,
      body: { error: 'no_reason' },
    });
    expect(await bintaAsks(`cases/${reference}/level`, low)).toEqual({
      status: 409,
      body: { error: 'moved_on' },
    });
    const { sql } = room.database;
    await sql`update cases set recipient_signature = null where reference = ${reference}`;
    const there = { ...low, reason: { ...low.reason, place: 0 } };
    expect(await bintaAsks(`cases/${reference}/level`, there)).toEqual({
      status: 409,
      body: { error: 'unproved_key' },
    });
    const hidden = await STANDS['must not be known to her']();
    expect(await bintaAsks(`cases/${hidden}/level`, { level: 'urgent' })).toEqual({
      status: 404,
      body: { error: 'no_such' },
    });
    const noted = await sql`select 1 from audit_log where what = 'level_set'`;
    expect(noted).toHaveLength(0);
  });
});
