/** What the process that holds the WhatsApp connection notes of it, and the wish of the operator to unlink the number. */

import type { Unlinking } from '../../channels/whatsapp/linked-connection.ts';
import type { NoteKeeper } from '../../channels/whatsapp/notes.ts';
import type { Seat } from '../../channels/whatsapp/session-store.ts';
import type { Db } from '../../db/database.ts';
import { clearSession } from '../../db/whatsapp-session.ts';
import { findStatus, noteStatus, resetStatus } from '../../db/whatsapp-status.ts';
import { calendarDay } from '../../kernel/time.ts';

/** Keeps notes of the number in this seat in the database. `timeZone`: in whose days closes are counted. */
export function createWhatsappNotes({ db, timeZone }: { db: Db; timeZone: string }, seat: Seat): NoteKeeper {
  return {
    keep: async ({ state, because = null, since, at, firstOpenAt, ...rest }) =>
      noteStatus(db, seat, {
        ...rest,
        state,
        because,
        since,
        notedAt: at,
        closesDay: calendarDay(at, timeZone),
        ...(firstOpenAt ? { linkedAt: firstOpenAt } : {}),
      }),
  };
}

/** The operator's wish, and what is done about it: the session is gone and the row blank, or neither. */
export function createUnlinking({ db }: { db: Db }, seat: Seat): Unlinking {
  return {
    isWanted: async () => (await findStatus(db, seat))?.unlinkAskedAt != null,
    done: (wasTold) =>
      db.transaction(async (tx) => {
        await clearSession(tx, seat);
        await resetStatus(tx, seat, wasTold);
      }),
  };
}
