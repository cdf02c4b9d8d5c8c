/**
 * A chat in which an officer is reached no more: the account is on a new phone, is gone, or has blocked us. Pages go
 * elsewhere by themselves; this tells people, so that the new phone is enrolled before it is needed.
 *
 * Invariants: told once, when it happens; nothing is said to the new phone, and no code is part of what is said: the
 * person who has that phone must first be known to the team.
 */
import { type EnrolledOfficer, enrolledOfficers, findOfficerContact } from '../../db/officers.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { isChat } from '../records/contact-address.ts';
import { shortName } from '../records/officer-names.ts';
import { notify, notifyOfficers, readableContacts } from './officer-notices.ts';
import { channelName, languageOfOfficer, officerText, sayTime } from './officer-wording.ts';

/** `new_phone`: the messenger says so. `blocked`: it only says that nothing can be sent there. */
export type LostBecause = 'new_phone' | 'blocked';

/**
 * Tells the officer, by every other contact, and supervisors (without any: everybody else) that a chat reaches nobody
 * any more, and how the next one is enrolled. Does nothing for a contact of a person who is no officer.
 */
export async function sayChatLost(at: Moment, contactId: ContactId, because: LostBecause): Promise<void> {
  const { tx, ctx, now } = at;
  const row = await findOfficerContact(tx, contactId);
  if (!row?.verifiedAt) return;
  const officers = await enrolledOfficers(tx);
  const owner = officers.find(({ id }) => id === row.officerId);
  const lost = owner?.contacts.find((each) => each.contactId === contactId);
  if (!owner || !lost) return;
  const left = owner.contacts.filter((each) => each.contactId !== contactId && !each.isBlocked);
  const time = sayTime(now, now, ctx.settings.timeZone);
  const paramsFor = (reader: EnrolledOfficer) => {
    const say = (key: string, params = {}) =>
      officerText(ctx, languageOfOfficer(ctx, reader), `lost.${key}`, params);
    const wayOf = (channel: string) => channelName(ctx, languageOfOfficer(ctx, reader), channel);
    const ways = [...new Set(left.map(({ channel }) => wayOf(channel)))].join(', ');
    return {
      name: shortName(ctx, owner),
      at: time,
      way: wayOf(lost.channel),
      why: say(because),
      left: ways === '' ? say('nothing_left') : say('left', { ways }),
    };
  };
  await tellOwner(at, owner, left, paramsFor(owner));
  const others = officers.filter(({ id }) => id !== owner.id);
  const supervisors = others.filter(({ role }) => role === 'supervisor');
  for (const each of supervisors.length > 0 ? supervisors : others)
    await notifyOfficers(at, [each], {
      key: 'lost.of',
      params: paramsFor(each),
      class: CLASS.page,
    });
}

/** Where they can write, the next code is one word away. Where nothing is read, a short line rings. */
async function tellOwner(
  at: Moment,
  owner: EnrolledOfficer,
  left: EnrolledOfficer['contacts'],
  params: Record<string, string>,
): Promise<void> {
  const language = languageOfOfficer(at.ctx, owner);
  const readable = readableContacts(at.ctx, { ...owner, contacts: left });
  // Neither a voice nor a notification says more than that there is an alert.
  const short = left.filter(({ channel }) => channel === 'sms');
  for (const { contactId, channel } of readable.length > 0 ? readable : short) {
    const key = isChat(channel) ? 'lost.you' : readable.length > 0 ? 'lost.you_elsewhere' : 'lost.you_short';
    await notify(at, { contactId, language }, { key, params, class: CLASS.page });
  }
}
