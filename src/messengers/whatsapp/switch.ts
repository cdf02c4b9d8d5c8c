/** `whatsapp switch`: people decide which of the two numbers is in use, as when the first one works again. */
import type { Result } from '../../commands/command.ts';
import { knowFirstNumber, lockNumbers, putNumbers } from '../../db/channel-numbers.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { TOOL } from '../../kernel/tool.ts';
import { seatsNow } from './linked-seats.ts';
import { reportWhatsapp } from './report.ts';
import type { WhatsappServer } from './server.ts';

/** A running service goes by it within a second. Nobody who knows the other number is written to from this one for it. */
export async function switchNumbers({ database, keyring, now, timeZone }: WhatsappServer): Promise<Result> {
  const { db } = database;
  const { known, standby } = await seatsNow(db, keyring);
  const to = known[standby];
  if (!to?.name)
    throw new LakanaError('no_second', `no second number is linked: ${TOOL} whatsapp pair --standby`);
  if ((await reportWhatsapp(db, standby, now, timeZone)).now !== 'connected')
    throw new LakanaError('not_connected', `the other number is not connected: ${TOOL} whatsapp status`);
  await db.transaction(async (tx) => {
    const row = await lockNumbers(tx, 'whatsapp');
    if (row) await knowFirstNumber(tx, 'whatsapp', row.inUse);
    const decided = { inUse: to.name, since: now, before: row?.inUse ?? null, because: 'decided' };
    await putNumbers(tx, { channel: 'whatsapp', ...decided, toldOf: null, toldBecause: null });
  });
  const endsIn = to.digits.slice(-2);
  return {
    text: `✓ The number ending in ${endsIn} is in use now: publish it. Who writes to the other one is answered there as long as it is linked.`,
    json: { switched: true, numberEndsIn: endsIn },
  };
}
