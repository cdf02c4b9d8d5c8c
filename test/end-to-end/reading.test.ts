/** A person who wants to understand the mechanism, on every messenger: they read, they ask, and nothing of it stays. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { transact } from '../../src/app/ground/transaction.ts';
import { loadConversation } from '../../src/app/records/conversation-record.ts';
import { findConversation } from '../../src/db/conversations.ts';
import type { ContactId } from '../../src/kernel/ids.ts';
import { minutes } from '../../src/kernel/time.ts';
import { answersUntil, greets } from './answering.ts';
import { found, foundInTables } from './canaries.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import { openWorld, REFERENCE, type World } from './world.ts';

/** Words that stand in no text of ours. */
const CANARY = { word: 'kumbaxylographe', other: 'zibelinettefaux', last: 'paragonfalterling' };

let world: World;
afterEach(() => world.close());

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  beforeEach(async () => {
    world = await openWorld(messenger);
  });

  /** What the service itself can open of where everybody stands. */
  async function states(): Promise<string[]> {
    const contacts = await world.database.sql<
      { contact_id: ContactId }[]
    >`select contact_id from conversations`;
    return Promise.all(
      contacts.map(({ contact_id: id }) =>
        transact(world.ctx(), async (at) =>
          JSON.stringify(await loadConversation(at, id, await findConversation(at.tx, id))),
        ),
      ),
    );
  }

  const countOf = async (table: string): Promise<number> => {
    const [row] = await world.database.sql`select count(*)::int as n from ${world.database.sql(table)}`;
    return row?.n ?? 0;
  };

  test('a person asks five questions, reads, and leaves nothing but a contact and hashes', async () => {
    const awa = world.person('Awa');
    await awa.says(`Bonjour, comment saisir la CNDH ${CANARY.word} ?`);
    await awa.seesText('« Saisir » veut dire demander à la CNDH d’agir.'.replace('’', "'"));
    await awa.chooses('Où, et dans quel délai');
    await awa.seesText('En janvier 2023');
    for (const [question, chapter] of [
      [`la cour de la cedeao ${CANARY.other}`, 'En Afrique'],
      [`qui va lire mes messages ${CANARY.word}`, 'Ce que devient'],
      [`la garde a vue ${CANARY.other} c combien de jours`, 'Une personne est prise'],
    ] as const) {
      await awa.says(question);
      await awa.seesText('Voici les chapitres les plus proches de votre question');
      await awa.chooses(chapter);
      await awa.seesText(chapter);
    }
    await awa.says(`${CANARY.last} ${CANARY.other}`);
    await awa.seesText("Nous n'avons pas trouvé de chapitre");
    await awa.says('Partir');
    await awa.seesText('À bientôt');
    await world.isQuiet();

    expect(await foundInTables(CANARY, world.database.sql)).toEqual([]);
    expect(found(CANARY, 'log', Buffer.from(world.logged.join('')))).toEqual([]);
    const [state = '', ...others] = await states();
    expect(others).toEqual([]);
    expect(found(CANARY, 'state', Buffer.from(state))).toEqual([]);
    expect(state).not.toMatch(/mechanism|understand|refer/);
    expect(JSON.parse(state)).toMatchObject({ answers: { language: { value: 'fr' } }, kept: [], trail: [] });
    for (const table of ['cases', 'case_items', 'alerts', 'evidence', 'case_tasks'])
      expect(await countOf(table), table).toBe(0);
    // What was said to them has left; of what they said there are hashes that keep it from being handled twice.
    const kept = await world.database.sql`select 1 from inbox where body_sealed is not null`;
    expect(kept).toHaveLength(0);
    expect(await countOf('contacts')).toBe(1);
  });

  test('who says nothing more is out of the room after half an hour, and a number is no answer to what was not asked', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    await awa.says('comprendre');
    await awa.seesText('Choisissez un chapitre');
    await awa.chooses("Si c'est l'État");
    await awa.seesText('Cette crainte est sérieuse');
    await world.passes(minutes(31));
    await expect.poll(async () => (await states()).some((state) => state.includes('mechanism'))).toBe(false);
    // Two is what comes second on the page that they have before them, and "yes, until tomorrow" at the question of danger.
    await awa.says('2');
    await awa.seesText('Cette réponse est pour une ancienne question');
    await awa.seesText('Êtes-vous en danger maintenant');
    await world.isQuiet();
    expect(await countOf('alerts')).toBe(0);
    expect(kadi.screen().some((line) => REFERENCE.test(line))).toBe(false);
  });

  test('who asks in the middle of a report comes back to the question that they left, and the report is whole', async () => {
    const awa = await greets(world.person('Awa'));
    await answersUntil(awa, /De qui s'agit-il/);
    await awa.says('comprendre');
    await awa.seesText('Choisissez un chapitre');
    await awa.chooses('Qui défend');
    await awa.seesText('Son titre ne compte pas');
    await awa.chooses('Revenir à la question');
    await awa.seesText("De qui s'agit-il");
    await awa.chooses('Moi-même');
    await answersUntil(awa, /Voici ce que vous avez dit/);
    await awa.chooses('Envoyer');
    const { text } = await awa.seesText('Votre signalement est enregistré');
    const items = JSON.stringify(await world.openCase(REFERENCE.exec(text)?.[0] ?? ''));
    expect(items).toContain('"step":"who"');
    expect(items).not.toMatch(/mechanism|understand/);
  });

  test('a voice note in the room is kept for a person, and a person who is silent after it is not forgotten', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    await awa.says('comment saisir la CNDH');
    await awa.seesText('« Saisir » veut dire');
    await awa.sendsVoice(Buffer.from('kan '.repeat(400)));
    await awa.seesText('Êtes-vous en danger maintenant');
    await world.isQuiet();
    await world.passes(minutes(3));
    await kadi.seesText(REFERENCE);
  });

  test('the service shows no public page where the operator has not asked for it', async () => {
    const { status } = await fetch(new URL('/fr', world.origin()));
    const first = await (await fetch(world.origin())).text();
    expect(status).toBe(404);
    expect(first).not.toContain(world.ctx().texts.t('fr', 'mechanism.defender.title'));
  });

  test('an officer who writes the word is answered as an officer, and comes into no room', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    await kadi.says('comprendre');
    await world.isQuiet();
    expect(kadi.screen().join('\n')).not.toContain('Choisissez un chapitre');
    expect(await countOf('conversations')).toBe(0);
  });
});
