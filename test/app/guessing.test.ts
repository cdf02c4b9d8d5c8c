/** Somebody who guesses receipt codes. */
import { randomInt } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDraft, openCase } from '../../src/app/case-record.ts';
import { claimIn } from '../../src/app/coming-back.ts';
import { hashReceiptCode, newReceiptCode } from '../../src/crypto/receipt-code.ts';
import { saveReceiptCode } from '../../src/db/cases.ts';
import { type DutyRoom, hours, openDutyRoom } from './alerts/duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

const tries = (address: string, text: string) =>
  claimIn(room.ctx, {
    channel: 'telegram',
    id: `${address}/${randomInt(1e12)}`,
    address,
    content: { kind: 'text', text },
  });

describe('guessing the receipt code of a case', () => {
  it('from many contacts finds nothing, locks nobody else out, and the team is told once an hour', async () => {
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const code = newReceiptCode();
    const reference = await room.inside(async (tx, ctx, now) => {
      const caseId = await createDraft(tx, ctx, now, 'telegram');
      await saveReceiptCode(tx, { caseId, ...(await hashReceiptCode(ctx.keyring, code)) });
      return openCase(tx, ctx, now, caseId, { level: 'medium', isSubmitted: true, isUnfinished: false });
    });
    const guess = () =>
      `${reference} ${String(randomInt(1e8)).padStart(8, '0')}${String(randomInt(1e8)).padStart(8, '0')}`;
    const answers: (string | undefined)[] = [];
    for (let contact = 0; contact < 4; contact++)
      for (let n = 0; n < 30; n++) answers.push((await tries(`guesser-${contact}`, guess()))?.kind);
    expect(new Set(answers)).toEqual(new Set(['code_refused']));
    await room.deliver();
    const told = room.sent(fanta.contactId).filter(({ text }) => text.includes('secret codes tried'));
    expect(told).toHaveLength(1);
    // Whoever has the code comes in all the same, and whoever guessed must wait.
    expect(await tries('owner', `${reference} ${code}`)).toMatchObject({ kind: 'came_back' });
    expect(await tries('guesser-0', `${reference} ${code}`)).toMatchObject({ why: 'too_many' });
    room.clock.advance(hours(1.1));
    expect(await tries('guesser-0', `${reference} ${code}`)).toMatchObject({ kind: 'came_back' });
  });
});
