/**
 * Proof that cases can be opened: a sealed word, returned.
 *
 * Invariants: a test case is made and sealed as real ones are, with the team's key that is in use; only a member who
 * has that key's secret half learns the word in it; nothing of it is stored: what the word is compared with travels
 * along as a keyed hash. It says nothing of any real case.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { OpeningTrial } from '../../contract/cases.ts';
import { createCaseKey, sealToCase } from '../../crypto/case-key.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { isOpeningProved } from '../../db/audit.ts';
import type { MemberRow } from '../../db/members.ts';
import { type CaseId, newId } from '../../kernel/ids.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';

/** Type of what is sealed, and purpose of the hash. */
const OPENING_TRIAL = 'opening-trial';

/** A test case to open; null: with the key that is in use a member has done it. */
export async function openingTrial({ tx, ctx }: Moment): Promise<{ trial: OpeningTrial | null }> {
  const key = fingerprint(ctx.team.recipient);
  if (await isOpeningProved(tx, key)) return { trial: null };
  const id = newId<CaseId>();
  const word = randomBytes(16).toString('hex');
  const { recipient, wraps } = await createCaseKey([ctx.team], id);
  const header = { type: OPENING_TRIAL, version: 1, caseId: id, place: 0 };
  const ciphertext = await sealToCase(recipient, header, new TextEncoder().encode(JSON.stringify({ word })));
  return {
    trial: {
      id,
      wraps: wraps.map(({ wrapped }) => ({ key, wrapped })),
      ciphertext,
      hash: ctx.keyring.index(OPENING_TRIAL, hashed(id, word, key)),
    },
  };
}

export async function answerOpeningTrial(
  at: Moment,
  member: MemberRow,
  { id, word, hash }: { id: string; word: string; hash: Uint8Array },
): Promise<'ok' | 'wrong_word'> {
  const key = fingerprint(at.ctx.team.recipient);
  const right = at.ctx.keyring.indexes(OPENING_TRIAL, hashed(id, word, key));
  const isRight = right.some((each) => each.length === hash.length && timingSafeEqual(each, hash));
  if (!isRight) return 'wrong_word';
  if (!(await isOpeningProved(at.tx, key)))
    await audit(at, { memberId: member.id, what: 'opening_proved', detail: { key } });
  return 'ok';
}

/** Of this test case, under this key of the team. */
const hashed = (id: string, word: string, key: string): string => `${id} ${word} ${key}`;
