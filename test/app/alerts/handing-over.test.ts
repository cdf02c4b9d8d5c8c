/** Handing an alert over: the officer who has it keeps it until the colleague takes it, and both know at once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DutyRoom, minutes, openDutyRoom } from './duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

/** Awa has an alert; Binta and Demba are there. */
async function awaHasIt() {
  const awa = await room.enrol('Awa Diarra');
  const binta = await room.enrol('Binta Coulibaly');
  const demba = await room.enrol('Demba', { isOnDuty: false });
  const { reference, contactId } = await room.raise();
  await room.cycle();
  await room.say(awa, `o:take:${reference}`);
  return { awa, binta, demba, reference, reporter: contactId };
}

describe('an officer who hands over', () => {
  it('chooses a colleague, who is called; it stays theirs until the colleague takes it, and then both know', async () => {
    const { awa, binta, reference, reporter } = await awaHasIt();
    await room.say(awa, `o:hand_over:${reference}`);
    const choice = room.last(awa.contactId)?.rows?.flat();
    expect(choice?.map(({ label }) => label)).toEqual(['Binta (on duty)', 'Demba']);
    const told = room.sent(reporter).length;
    await room.say(awa, choice?.[0]?.data ?? '');
    expect(room.last(awa.contactId)?.text).toContain('It is yours until they answer');
    expect(room.last(binta.contactId)?.text).toContain('Awa asks you to take it over');
    expect((await room.alert(reference)).takenBy).toBe(awa.officerId);
    await room.say(binta, `o:take:${reference}`);
    expect((await room.alert(reference)).takenBy).toBe(binta.officerId);
    expect(room.last(awa.contactId)?.text).toBe(`Binta has taken ${reference}. It is no longer yours.`);
    expect(
      room
        .last(binta.contactId)
        ?.rows?.flat()
        .map(({ label }) => label),
    ).toContain('Hand over');
    expect(await room.log(reference)).toEqual(expect.arrayContaining(['offered', 'handed_over']));
    // The reporter is not told which officer works on it.
    expect(room.sent(reporter)).toHaveLength(told);
  });

  it('can say it in words', async () => {
    const { awa, binta, reference } = await awaHasIt();
    await room.say(awa, 'hand over to binta');
    expect(room.last(binta.contactId)?.text).toContain('asks you to take it over');
    await room.say(awa, `hand over ${reference}`);
    expect(room.last(awa.contactId)?.text).toContain('to whom?');
    await room.say(awa, 'hand over to Oumar');
    expect(room.last(awa.contactId)?.text).toContain('to whom?');
  });

  it('is told when the colleague cannot, and when they do not answer within 5 minutes', async () => {
    const { awa, binta, demba, reference } = await awaHasIt();
    await room.say(awa, `o:give:${reference}/${binta.officerId}`);
    await room.say(binta, `o:cannot:${reference}`);
    expect(room.last(binta.contactId)?.text).toContain('It stays with Awa');
    expect(room.last(awa.contactId)?.text).toContain('Binta cannot take');
    await room.say(awa, `o:give:${reference}/${demba.officerId}`);
    await room.pass(minutes(5));
    expect(room.last(awa.contactId)?.text).toContain('Demba does not answer');
    expect((await room.alert(reference)).takenBy).toBe(awa.officerId);
    // Too late: they are told who has it.
    await room.say(demba, `o:take:${reference}`);
    expect((await room.alert(reference)).takenBy).toBe(awa.officerId);
    expect(room.last(demba.contactId)?.text).toContain('Awa took it');
  });

  it('is told at once when the colleague’s phone cannot be reached', async () => {
    const { awa, binta, reference } = await awaHasIt();
    room.blocked.add(binta.contactId);
    await room.say(awa, `o:give:${reference}/${binta.officerId}`);
    await room.cycle();
    expect(room.last(awa.contactId)?.text).toContain('Binta does not answer');
    expect((await room.alert(reference)).takenBy).toBe(awa.officerId);
  });

  it('asks another officer instead: only the last one who was asked can take it', async () => {
    const { awa, binta, demba, reference } = await awaHasIt();
    await room.say(awa, `o:give:${reference}/${binta.officerId}`);
    await room.say(awa, `o:give:${reference}/${demba.officerId}`);
    await room.say(binta, `o:take:${reference}`);
    expect((await room.alert(reference)).takenBy).toBe(awa.officerId);
    await room.say(demba, `o:take:${reference}`);
    expect((await room.alert(reference)).takenBy).toBe(demba.officerId);
  });

  it('needs to have it, and is kindly told so with an old button or a name that is no officer’s', async () => {
    const { awa, binta, demba, reference } = await awaHasIt();
    await room.say(binta, `o:hand_over:${reference}`);
    expect(room.last(binta.contactId)?.text).toContain('Awa took it');
    await room.say(binta, `o:give:${reference}/${demba.officerId}`);
    expect((await room.alert(reference)).takenBy).toBe(awa.officerId);
    await room.say(awa, `o:give:${reference}/nobody`);
    expect(room.last(awa.contactId)?.text).toContain('to whom?');
  });
});
