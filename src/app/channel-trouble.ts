/** A channel that only people can mend: said at once to everybody who is paged, through the other channels. */
import type { ChannelKind } from '../channels/channel.ts';
import { enrolledOfficers } from '../db/officers.ts';
import { CLASS } from '../db/schema.ts';
import type { Context } from './context.ts';
import { notify } from './officer-notices.ts';
import { languageOfOfficer, sayTime } from './officer-texts.ts';
import { transact } from './transaction.ts';

/** `because`: a key under `officer.channel_stopped` of the locale files. Returns how many contacts are told. */
export function tellChannelStopped(ctx: Context, channel: ChannelKind, because: string): Promise<number> {
  return transact(ctx, async (tx, inside, now) => {
    const at = sayTime(now, now, ctx.settings.timeZone);
    let told = 0;
    for (const officer of await enrolledOfficers(tx)) {
      const language = languageOfOfficer(ctx, officer);
      for (const contact of officer.contacts) {
        if (contact.channel === channel || contact.isBlocked) continue;
        const to = { contactId: contact.contactId, language };
        // One at a time: a newer reason takes the place of one that has not left yet.
        const notice = { key: `channel_stopped.${because}`, params: { at }, class: CLASS.page };
        await notify(tx, inside, now, to, { ...notice, coalesce: `stopped/${channel}` });
        told += 1;
      }
    }
    return told;
  });
}
