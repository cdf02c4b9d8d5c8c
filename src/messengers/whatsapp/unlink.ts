/** `whatsapp unlink`: WhatsApp is told that this device is no more, if it can be, and the session is forgotten. */

import { pause } from '../../channels/back-off.ts';
import { linkOf } from '../../channels/whatsapp/auth-state.ts';
import { Connection } from '../../channels/whatsapp/connection.ts';
import type { Seat } from '../../channels/whatsapp/session-store.ts';
import { Staging } from '../../channels/whatsapp/staging.ts';
import type { Result } from '../../commands/command.ts';
import { askToUnlink, findStatus, takeBackUnlink } from '../../db/whatsapp-status.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { captureConsole, createLog } from '../../kernel/log.ts';
import { seconds } from '../../kernel/time.ts';
import { TOOL } from '../../kernel/tool.ts';
import { withLease } from './lease.ts';
import { seatOf } from './linked-seats.ts';
import { createUnlinking } from './notes.ts';
import type { WhatsappServer } from './server.ts';
import { createStagedMessages, createWhatsappSession, sessionParts } from './session.ts';

/** A connection that is not open by then cannot tell WhatsApp anything. */
const TO_OPEN = seconds(15);
/** The service looks every two seconds, tells WhatsApp within ten, and handles what waits within ten. */
const TO_BE_DONE = seconds(30);

export async function unlink(server: WhatsappServer, options: { standby?: boolean } = {}): Promise<Result> {
  const { database } = server;
  const seat = await seatOf(server, options.standby ? 'standby' : 'in_use');
  const session = createWhatsappSession(sessionParts(server), seat);
  const isLinked = async () => (await linkOf(session)) !== undefined;
  if (!(await isLinked())) return NOTHING;
  const own = await withLease(database.db, { seat, waits: false }, (lease) =>
    unlinkAlone(server, seat, lease),
  );
  if (own) return done(own.result);
  await askToUnlink(database.db, seat);
  for (const until = performance.now() + TO_BE_DONE; performance.now() < until; ) {
    await pause(250, new AbortController().signal);
    if (!(await isLinked())) return done((await findStatus(database.db, seat))?.wasToldOfUnlink ?? false);
  }
  await takeBackUnlink(database.db, seat);
  throw new LakanaError(
    'busy',
    'the process that holds the connection does not let go: stop it, then run this again',
  );
}

/** No service runs. Returns whether WhatsApp could be told. */
async function unlinkAlone(
  server: WhatsappServer,
  seat: Seat,
  lease: { isHeld(): boolean },
): Promise<boolean> {
  const { own, database } = server;
  const { db } = database;
  const log = createLog('silent');
  const release = captureConsole(log);
  const { promise: settled, resolve } = Promise.withResolvers<void>();
  const socketUrl = own?.socketUrl;
  const connection = new Connection({
    store: createWhatsappSession(sessionParts(server), seat),
    // What WhatsApp brings meanwhile is kept.
    staging: new Staging(createStagedMessages(sessionParts(server)), seat),
    lease,
    log,
    ...(socketUrl ? { socketUrl } : {}),
    // Ended for good, or without network: there is nobody to tell.
    onStatus: ({ is }) => ['open', 'stopped', 'waiting'].includes(is) && resolve(),
  });
  const tooLate = setTimeout(resolve, TO_OPEN);
  connection.start();
  try {
    await settled;
    const wasTold = await connection.logOut();
    await createUnlinking({ db }, seat).done(wasTold);
    return wasTold;
  } finally {
    clearTimeout(tooLate);
    release();
  }
}

const NOTHING: Result = {
  text: '✓ No number is linked.',
  json: { unlinked: false },
};

const done = (wasTold: boolean): Result => ({
  text: wasTold
    ? `✓ The number is unlinked, and the handset knows it. To link one: ${TOOL} whatsapp pair`
    : '✓ The session is forgotten. WhatsApp could not be told: on the handset, Settings, Linked devices, log the old one out.',
  json: { unlinked: true, told: wasTold },
});
