/** What `doctor` sees of recordings that were made in the room: whether they are the server's own. */
import { readChanges } from '../app/changes/reading.ts';
import { voicesOfRoom } from '../app/voices/of-the-room.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Db } from '../db/database.ts';
import { type Check, fail, warn } from './check.ts';

/** A row in the database that this server did not make may say anything: it is heard by nobody, and named here. */
export async function checkVoices(db: Db, keyring: Keyring): Promise<Check[]> {
  const { strange, unheard } = await voicesOfRoom(db, { keyring }, await readChanges(db, { keyring }));
  const checks: Check[] = [];
  if (strange.length > 0) {
    const what = `${strange.length} were not made by this server, and nobody hears them: ${strange.join(', ')}`;
    checks.push(fail('recordings', what, 'somebody else has written to the database: see who may'));
  }
  if (unheard.length > 0) {
    const what = `${unheard.length} are from a version before 0035, and nobody hears them: ${unheard.join(', ')}`;
    checks.push(warn('recordings', what, 'make them anew in the room, under Textes'));
  }
  return checks;
}
