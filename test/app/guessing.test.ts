/** Somebody who guesses receipt codes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DutyRoom, hours, openDutyRoom } from './alerts/duty-room.ts';
import { caseToGuess } from './guesses.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

describe('guessing the receipt code of a case', () => {
  it('from many contacts finds nothing, locks nobody else out, and the team is told once an hour', async () => {
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const tries = await caseToGuess(room);
    const answers: string[] = [];
    /** Until they are sent away for an hour, and three times more. */
    const guesses = async (contact: number) => {
      for (let sentAway = 0; sentAway < 4; ) {
        const answer = await tries(`guesser-${contact}`);
        const why = answer?.kind === 'code_refused' ? answer.why : 'let in';
        answers.push(why);
        if (why === 'too_many') sentAway += 1;
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, contact) => guesses(contact)));
    // Those who were sent away because too many waited had their five tries all the same.
    expect(answers.filter((why) => why === 'wrong')).toHaveLength(12 * 5);
    expect(answers).not.toContain('let in');
    await room.deliver();
    const told = room.sent(fanta.contactId).filter(({ text }) => text.includes('secret codes tried'));
    expect(told).toHaveLength(1);
    // Whoever has the code comes in all the same, and whoever guessed must wait.
    expect(await tries('owner', 'right')).toMatchObject({ kind: 'came_back' });
    expect(await tries('guesser-0', 'right')).toMatchObject({ why: 'too_many' });
    room.clock.advance(hours(1.1));
    expect(await tries('guesser-0', 'right')).toMatchObject({ kind: 'came_back' });
  });
});
