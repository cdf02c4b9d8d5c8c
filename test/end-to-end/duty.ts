import { opensAt, spanAt } from '../../src/cases/contact-hours.ts';
import { minutes } from '../../src/kernel/time.ts';
import { CONTACT_HOURS, type ContactHours } from '../../src/kernel/vocabulary.ts';
import type { Person } from './messengers/messenger.ts';
import { referenceIn, type World } from './world.ts';

/** A supervisor, off duty, closes what is open and time goes by: the next story begins in a quiet duty room. */
export async function clearsUp(world: Pick<World, 'database' | 'passes'>, supervisor: Person): Promise<void> {
  const open = await world.database.sql<{ reference: string }[]>`
    select reference from alerts where state <> 'closed'`;
  for (const { reference } of open) {
    await supervisor.says(`clore ${reference}`);
    const asked = await supervisor.seesText(`Clore ${reference}`);
    // In that very message: a page that comes meanwhile has numbers too.
    await supervisor.chooses("J'ai joint la personne", { in: asked });
    await supervisor.seesText(`${reference} : close`);
  }
  await world.passes(minutes(10));
}

/** A reporter cries for help; resolves with the reference of the alert. */
export async function cries(person: Person): Promise<string> {
  await person.says('SOS');
  const { text } = await person.seesText('Nous avons reçu votre SOS');
  return referenceIn(text);
}

/** Hours that have not begun, and for how long they have not. */
export async function nextHours({
  ctx,
}: Pick<World, 'ctx'>): Promise<{ hours: ContactHours; beginIn: number }> {
  const { clock, db, settings } = ctx();
  const now = await clock.now(db);
  const closed = CONTACT_HOURS.filter((each) => !spanAt([each], now, settings.timeZone));
  const [hours = 'night'] = closed;
  return { hours, beginIn: (opensAt([hours], now, settings.timeZone) ?? now).getTime() - now.getTime() };
}
