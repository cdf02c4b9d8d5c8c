/** A stranger who guesses receipt codes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DutyRoom, hours, openDutyRoom } from './alerts/duty-room.ts';
import { caseToGuess } from './guesses.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

describe('guessing the receipt code of a case', () => {
  it('from many contacts finds nothing, locks no one else out, and the team is told once an hour', async () => {
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const tries = await caseToGuess(room);
    const answers: (string | undefined)[] = [];
    const guessers = Array.from({ length: 14 }, (_, contact) => `guesser-${contact}`);
    // As many at a time as are not sent away to try again in a minute.
    const guess = async (): Promise<void> => {
      for (let who = guessers.shift(); who; who = guessers.shift())
        for (let n = 0; n < 9; n++) answers.push((await tries(who))?.kind);
    };
    await Promise.all(Array.from({ length: 7 }, guess));
    expect(answers).toHaveLength(126);
    expect(new Set(answers)).toEqual(new Set(['code_refused']));
    await room.deliver();
    const told = room.sent(fanta.contactId).filter(({ text }) => text.includes('secret codes tried'));
    expect(told).toHaveLength(1);
    // The person who has the code comes in all the same, and the one who guessed must wait.
    expect(await tries('owner', 'right')).toMatchObject({ kind: 'came_back' });
    expect(await tries('guesser-0', 'right')).toMatchObject({ why: 'too_many' });
    room.clock.advance(hours(1.1));
    expect(await tries('guesser-0', 'right')).toMatchObject({ kind: 'came_back' });
  });
});
