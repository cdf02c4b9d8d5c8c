/** The keys of cases and what is sealed to them, by this machine's crypto, beside the library alone as a browser has it. */
import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from 'age-encryption';
import {
  createCaseKey,
  createTeamKey,
  openCaseSecret,
  openSealed,
  sealToCase,
} from '../src/crypto/case-key.ts';
import type { SealHeader } from '../src/crypto/sealed-frame.ts';
import { type Row, rowOf } from './table.ts';
import { timed } from './world.ts';

const TIMES = Array.from({ length: 200 }, (_, n) => n);
/** Before anything is measured, so that what is compiled only once is compiled. */
const BEFORE = TIMES.slice(0, 30);
const CASE = '7d9f2f0e-0000-4000-8000-000000000001';

export async function benchSealing(): Promise<Row[]> {
  const team = await createTeamKey();
  const groups = [{ group: 'team', recipient: team.recipient }];
  const key = await createCaseKey(groups, CASE);
  const secret = await openCaseSecret(team.secret, CASE, key.wraps[0]?.wrapped ?? new Uint8Array());
  const header: SealHeader = { type: 'report', version: 1, caseId: CASE, place: 0 };
  const words = new Uint8Array(1_000);
  const sealed = await sealToCase(key.recipient, header, words);
  return [
    await compared(
      'a case key, wrapped to the team',
      () => createCaseKey(groups, CASE),
      async () => {
        const fresh = await generateHybridIdentity();
        await identityToRecipient(fresh);
        await libraryEncrypter(team.recipient).encrypt(fresh);
      },
    ),
    await compared(
      '1 kB sealed to a case',
      () => sealToCase(key.recipient, header, words),
      () => libraryEncrypter(key.recipient).encrypt(words),
    ),
    await compared(
      '1 kB opened',
      () => openSealed(secret, header, sealed),
      () => {
        const decrypter = new Decrypter();
        decrypter.addIdentity(secret);
        return decrypter.decrypt(sealed);
      },
    ),
  ];
}

async function compared(
  what: string,
  ours: () => Promise<unknown>,
  library: () => Promise<unknown>,
): Promise<Row> {
  const measured = rowOf(what, await many(ours));
  const reference = rowOf(what, await many(library));
  return {
    ...measured,
    ratio: (measured.perSecond ?? 0) / (reference.perSecond ?? 1),
    against: 'the library',
  };
}

async function many(work: () => Promise<unknown>) {
  const once = async (): Promise<void> => {
    await work();
  };
  await timed(BEFORE, 1, once);
  return timed(TIMES, 1, once);
}

function libraryEncrypter(recipient: string): Encrypter {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter;
}
