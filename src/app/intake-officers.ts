import type { IncomingMessage } from '../channels/channel.ts';
import type { Tx } from '../db/database.ts';
import type { ContactId, OfficerId } from '../kernel/ids.ts';
import type { Context } from './context.ts';
import { handleOfficerMessage, tryEnrol } from './officer.ts';

type Routed = 'handled' | 'as_reporter' | 'sos_for_self';

/** What an enrolled officer wrote is theirs to be handled; as a person they may also be a reporter. */
export function routeOfficer(
  tx: Tx,
  ctx: Context,
  now: Date,
  officer: { contactId: ContactId; officerId: OfficerId },
  message: IncomingMessage,
): Promise<Routed> {
  return handleOfficerMessage(tx, ctx, now, officer, message);
}

/** `/start CODE`: Telegram sends it when somebody opens the link `t.me/<bot>?start=CODE`. */
const ENROLMENT = /^\/start(?:@\w+)?\s+([A-Za-z0-9_-]{4,64})$/;

/** Enrols whoever sends a valid code; everybody else is a reporter, also with a link that no longer works. */
export async function enrolOrNot(
  tx: Tx,
  ctx: Context,
  now: Date,
  contactId: ContactId,
  message: IncomingMessage,
): Promise<Routed> {
  const code = message.content.kind === 'text' ? ENROLMENT.exec(message.content.text.trim())?.[1] : undefined;
  if (code === undefined) return 'as_reporter';
  return (await tryEnrol(tx, ctx, now, contactId, code, message.languageHint)) ? 'handled' : 'as_reporter';
}
