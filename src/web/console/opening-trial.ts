/**
 * Opens a sealed test case and returns the word in it, so that `doctor` may say that cases can be opened here. Once for each
 * key of the team; nobody has to do anything for it.
 */
import { openSealed } from '../../crypto/case-key.ts';
import { api } from './api.ts';
import { toBase64 } from './bytes.ts';
import { caseSecretBy, type Ring } from './keys.ts';

export async function proveOpening(ring: Ring): Promise<void> {
  const asked = await api.openingTrial();
  if (!asked.ok || !asked.value.trial) return;
  const { id, wraps, ciphertext, hash } = asked.value.trial;
  const secret = await caseSecretBy(ring, id, wraps);
  const header = { type: 'opening-trial', version: 1, caseId: id, place: 0 };
  const opened = await openSealed(secret, header, await ciphertext);
  const { word } = JSON.parse(new TextDecoder().decode(opened)) as { word: string };
  await api.answerOpeningTrial({ id, word, hash: toBase64(await hash) });
}
