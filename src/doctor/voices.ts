/** What `doctor` sees of recordings that were made in the room: whether they are the server's own. */
import { readChanges } from '../app/changes/reading.ts';
import { line } from '../app/ground/lines.ts';
import { voicesOfRoom } from '../app/voices/of-the-room.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Db } from '../db/database.ts';
import { type Check, fail, warn } from './check.ts';

/** A row in the database that this server did not make may say anything: it is heard by nobody, and named here. */
export async function checkVoices(db: Db, keyring: Keyring): Promise<Check[]> {
  const { strange, unheard } = await voicesOfRoom(db, { keyring }, await readChanges(db, { keyring }));
  const checks: Check[] = [];
  if (strange.length > 0) {
    const what = line('voices.strange', { count: strange.length, those: strange.join(', ') });
    checks.push(fail('recordings', what, line('voices.strange_mend')));
  }
  if (unheard.length > 0) {
    const what = line('voices.unheard', { count: unheard.length, those: unheard.join(', ') });
    checks.push(warn('recordings', what, line('voices.unheard_mend')));
  }
  return checks;
}
