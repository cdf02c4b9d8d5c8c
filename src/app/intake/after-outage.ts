import type { IncomingMessage } from '../../channels/channel.ts';
import type { Say } from '../../conversation/values/effect.ts';
import type { UnaskedKey } from '../../conversation/words/unasked-keys.ts';
import type { Surroundings } from '../../db/arrivals.ts';
import { type ContactRow, updateContact } from '../../db/contacts.ts';
import { clockTime, hours } from '../../kernel/time.ts';
import type { Moment } from '../ground/transaction.ts';
import type { Outcome } from '../reporters/reporter-effects.ts';

/**
 * After an outage the first answer to each person says from when to when the service was out, and that what
 * they wrote then may be lost. Said to each person who may have written in that time: contacts known before its end,
 * or whose message was sent before it. Messengers keep messages for a bot for 24 hours.
 */
export async function outageNotice(
  { tx, ctx }: Moment,
  contact: ContactRow,
  outage: Surroundings['outage'],
  message: IncomingMessage,
  outcome: Outcome,
): Promise<Say | undefined> {
  if (!outage || contact.outageTold >= outage.id || outcome.says.length === 0) return undefined;
  await updateContact(tx, contact.id, { outageTold: outage.id });
  const wasHere = contact.createdAt < outage.endedAt;
  const wroteThen = message.sentAt !== undefined && message.sentAt < outage.endedAt;
  if (!wasHere && !wroteThen) return undefined;
  const { timeZone } = ctx.settings;
  const isLong = outage.endedAt.getTime() - outage.startedAt.getTime() > hours(20);
  const params = {
    from: isLong ? dayAndTime(outage.startedAt, timeZone) : clockTime(outage.startedAt, timeZone),
    to: isLong ? dayAndTime(outage.endedAt, timeZone) : clockTime(outage.endedAt, timeZone),
  };
  return {
    type: 'say',
    lines: [{ key: 'service.outage' satisfies UnaskedKey, params }],
    turn: outcome.state.turn,
  };
}

/** "23/11 14:02": the same in every language of the service. */
function dayAndTime(at: Date, timeZone: string): string {
  const day = new Intl.DateTimeFormat('fr-FR', { timeZone, day: '2-digit', month: '2-digit' }).format(at);
  return `${day} ${clockTime(at, timeZone)}`;
}
