/** A case with a receipt code, and a stranger who tries codes at it. */
import { randomInt } from 'node:crypto';
import { createDraft, openCase } from '../../src/app/records/case-opening.ts';
import { claimIn } from '../../src/app/reporters/finding-a-case.ts';
import { newReceiptCode } from '../../src/crypto/receipt-code.ts';
import { saveReceiptCode } from '../../src/db/cases.ts';
import { CHEAP_CODES } from '../cheap-codes.ts';
import type { DutyRoom } from './alerts/duty-room.ts';

const half = () => String(randomInt(1e8)).padStart(8, '0');

export async function caseToGuess(room: DutyRoom) {
  const code = newReceiptCode();
  const reference = await room.inside(async (at) => {
    const caseId = await createDraft(at, 'telegram');
    await saveReceiptCode(at.tx, { caseId, ...(await CHEAP_CODES.hash(at.ctx.keyring, code)) }, at.now);
    return openCase(at, caseId, { level: 'medium', isSubmitted: true, isUnfinished: false });
  });
  /** What comes of a code that a person writes; default: a guess. */
  return (address: string, tried: string = `${half()}${half()}`) =>
    claimIn(room.ctx, {
      channel: 'telegram',
      id: `${address}/${randomInt(1e12)}`,
      address,
      content: { kind: 'text', text: `${reference} ${tried === 'right' ? code : tried}` },
    });
}
