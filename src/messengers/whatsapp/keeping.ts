import type { MessengerKeeping } from '../../app/reporters/forget.ts';
import { purgeSent, purgeStaged, stagedIsNeeded } from '../../db/whatsapp-session.ts';

/** What was decrypted and is not handled yet, that it was, and what was sent until it has arrived. */
export const keeping: MessengerKeeping = {
  isNeeded: stagedIsNeeded,
  async purge(tx, { received, sent }) {
    await purgeStaged(tx, received);
    await purgeSent(tx, sent);
  },
};
