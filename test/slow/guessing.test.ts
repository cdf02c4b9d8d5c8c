/** Somebody who has a thousand contacts and a hundred thousand tries. */
import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { createDraft, openCase } from '../../src/app/case-record.ts';
import { claimIn } from '../../src/app/coming-back.ts';
import { hashReceiptCode, newReceiptCode } from '../../src/crypto/receipt-code.ts';
import { saveReceiptCode } from '../../src/db/cases.ts';
import { openDutyRoom } from '../app/alerts/duty-room.ts';

const CONTACTS = 1_000;
const TRIES_EACH = 100;
/** Contacts at a time. */
const AT_ONCE = 8;

test(
  'a hundred thousand guesses from a thousand contacts find nothing, lock nobody out, and the team is told',
  async () => {
    const room = await openDutyRoom();
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const code = newReceiptCode();
    const reference = await room.inside(async (tx, ctx, now) => {
      const caseId = await createDraft(tx, ctx, now, 'telegram');
      await saveReceiptCode(tx, { caseId, ...(await hashReceiptCode(ctx.keyring, code)) });
      return openCase(tx, ctx, now, caseId, { level: 'medium', isSubmitted: true, isUnfinished: false });
    });
    const tries = (address: string, text: string) =>
      claimIn(room.ctx, {
        channel: 'telegram',
        id: `${address}/${randomInt(1e12)}`,
        address,
        content: { kind: 'text', text },
      });
    const half = () => String(randomInt(1e8)).padStart(8, '0');
    const answers = new Map<string, number>();
    const guesses = async (contact: number) => {
      for (let n = 0; n < TRIES_EACH; n++) {
        const kind =
          (await tries(`guesser-${contact}`, `${reference} ${half()}${half()}`))?.kind ?? 'nothing';
        answers.set(kind, (answers.get(kind) ?? 0) + 1);
      }
    };
    let next = 0;
    const worker = async () => {
      while (next < CONTACTS) await guesses(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect([...answers]).toEqual([['code_refused', CONTACTS * TRIES_EACH]]);
    await room.deliver();
    const told = room.sent(fanta.contactId).filter(({ text }) => text.includes('secret codes tried'));
    expect(told.length).toBeGreaterThan(0);
    expect(await tries('owner', `${reference} ${code}`)).toMatchObject({ kind: 'came_back' });
    expect(await tries('guesser-0', `${reference} ${code}`)).toMatchObject({ why: 'too_many' });
    await room.close();
  },
  60 * 60_000,
);
