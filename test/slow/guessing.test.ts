/** A stranger who has a thousand contacts and a hundred thousand tries. */
import { expect, test } from 'vitest';
import { openDutyRoom } from '../app/alerts/duty-room.ts';
import { caseToGuess } from '../app/guesses.ts';

const CONTACTS = 1_000;
const TRIES_EACH = 100;
/** Contacts at a time. */
const AT_ONCE = 8;

test(
  'a hundred thousand guesses from a thousand contacts find nothing, lock no one out, and the team is told',
  async () => {
    const room = await openDutyRoom();
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const tries = await caseToGuess(room);
    const answers = new Map<string, number>();
    let next = 0;
    const worker = async () => {
      while (next < CONTACTS) {
        const address = `guesser-${next++}`;
        for (let n = 0; n < TRIES_EACH; n++) {
          const kind = (await tries(address))?.kind ?? 'nothing';
          answers.set(kind, (answers.get(kind) ?? 0) + 1);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect([...answers]).toEqual([['code_refused', CONTACTS * TRIES_EACH]]);
    await room.deliver();
    const told = room.sent(fanta.contactId).filter(({ text }) => text.includes('secret codes tried'));
    expect(told.length).toBeGreaterThan(0);
    expect(await tries('owner', 'right')).toMatchObject({ kind: 'came_back' });
    expect(await tries('guesser-0', 'right')).toMatchObject({ why: 'too_many' });
    await room.close();
  },
  60 * 60_000,
);
