import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/conversation/chapters/chapters.ts';
import { compileFlows } from '../../src/conversation/flows/compile.ts';
import { isChecked, sentenceVersion } from '../../src/conversation/flows/facts.ts';
import type { Flow } from '../../src/conversation/flows/flow.ts';
import { createTexts } from '../../src/conversation/words/texts.ts';
import { minutes } from '../../src/kernel/time.ts';
import { projectContent } from '../content/content.ts';
import { calmPerson, conversation, Person, texts, walkTo } from './person.ts';

/** Everything of the room that could stand in what is kept. */
const keptOf = (person: Person): string => JSON.stringify(person.state);

/** When they wrote and how often they were answered is the same for everybody. */
function withoutTimes({ state }: Person): object {
  const { turn: _turn, lastAt: _lastAt, asked: _asked, due: _due, ...left } = state ?? {};
  return left;
}

const reader = () => new Person().writes('bonjour').picks('none').picks('understand');

describe('a person who reads about the mechanism', () => {
  it('comes there by the menu, by a word, and by a question in plain words', () => {
    expect(reader().at).toBe('mechanism.chapters');
    expect(new Person().writes('bonjour').writes('comprendre').at).toBe('mechanism.chapters');
    expect(new Person({ hint: 'fr' }).writes('comprendre').at).toBe('mechanism.chapters');
    expect(new Person().writes('comment saisir la CNDH').at).toBe('mechanism.refer');
    expect(reader().picks('+out').picks('understand').at).toBe('mechanism.chapters');
  });

  it('has SOS, a report and a person under every page', () => {
    for (const placed of conversation.flows.steps.values()) {
      if (placed.step.ask !== 'screen') continue;
      const person = reader();
      if (person.state) person.state.at = placed.path;
      person.writes('77');
      expect(person.commands, placed.path).toEqual(expect.arrayContaining(['sos', 'person', 'leave']));
      expect(person.choices, placed.path).toContain('report');
      expect(person.at).toBe(placed.path);
    }
  });

  it('leaves nothing of it: no answer, no word, no way that they came', () => {
    const person = reader();
    const other = reader().picks('+out');
    person.picks('mechanism.refer').picks('mechanism.refer_where').picks('mechanism.chapters');
    person.writes('comment saisir la cndh kumbaxylographe').writes('et les prisons zibelinette');
    expect(keptOf(person)).not.toMatch(/kumbaxylographe|zibelinette|saisir/);
    person.picks('+out');
    expect(person.at).toBe('menu.home');
    expect(withoutTimes(person)).toEqual(withoutTimes(other));
    expect(keptOf(person)).not.toContain('mechanism');
    expect(person.cases).toEqual([]);
  });

  it('types a question and is offered chapters that fit, and the way to a person if none does', () => {
    const person = reader().writes('porter plainte');
    expect(person.keys).toContain('bot.room_found');
    expect(person.choices[0]).toBe('mechanism.refer');
    expect(person.writes('1').at).toBe('mechanism.refer');
    person.writes('xylophone zwischen');
    expect(person.keys).toContain('bot.room_not_found');
    expect(person.choices).toEqual(['mechanism.chapters', 'report', '+out']);
    expect(person.commands).toContain('person');
    expect(person.cases).toEqual([]);
  });

  it('goes back page by page, and out', () => {
    const person = reader().picks('mechanism.refer').picks('mechanism.refer_where');
    expect(person.presses('back').at).toBe('mechanism.refer');
    expect(person.presses('back').at).toBe('mechanism.chapters');
    expect(person.presses('back').at).toBe('menu.home');
  });

  it('writes a number that is not there and reads the same page again, and no page is left by mistakes', () => {
    const person = reader().picks('mechanism.refer');
    for (let n = 0; n < 4; n++) {
      person.writes('15');
      expect(person.keys).toContain('bot.not_understood');
      expect(person.at).toBe('mechanism.refer');
    }
    expect(person.state?.tried).toBeUndefined();
    expect(person.state?.misses).toBe(0);
  });

  it('reads on in another language', () => {
    const person = reader().picks('mechanism.refer').writes('english');
    expect(person.at).toBe('mechanism.refer');
    expect(person.screen).toContain('Refer a case to the CNDH');
    expect(person.picks('+out').at).toBe('menu.home');
  });

  it('replies to an earlier page: a question is looked for, a number leads to what it said there', () => {
    const person = reader();
    const contents = person.now;
    const [first = ''] = person.choices;
    const found = person.writes('porter plainte').now;
    const [best = ''] = person.choices;
    person.picks('mechanism.cndh');
    person.quoted = contents;
    expect(person.writes('1').at).toBe(first);
    person.quoted = found;
    expect(person.writes('1').at).toBe(best);
    // Its way out and a number that it did not have are old.
    person.quoted = found;
    expect(person.writes('9').at).toBe(best);
    // Who has left: which page it was is kept nowhere.
    expect(keptOf(person)).toContain('mechanism.cndh');
    person.picks('+out');
    expect(keptOf(person)).not.toContain('mechanism');
    person.quoted = contents;
    expect(person.writes('1').keys).toContain('bot.stale_button');
    person.picks('understand').picks('mechanism.refer');
    person.quoted = contents;
    expect(person.writes('les prisons kumbaxylographe').keys).toContain('bot.room_found');
    expect(keptOf(person)).not.toContain('kumbaxylographe');
  });

  it('presses a button of a page a week later and reads it', () => {
    const person = reader()
      .picks('+out')
      .writes('bonjour', 7 * 24 * 3_600_000);
    person.does({ kind: 'button', data: 'r:3:mechanism.refer' });
    expect(person.at).toBe('mechanism.refer');
    // Who was forgotten meanwhile is asked for the language first.
    const unknown = new Person().does({ kind: 'button', data: 'r:3:mechanism.refer' });
    expect(unknown.at).toBe('menu.language');
    expect(new Person({ hint: 'fr' }).does({ kind: 'button', data: 'r:3:mechanism.refer' }).at).toBe(
      'mechanism.refer',
    );
  });
});

describe('a fact that no one has checked', () => {
  const reads = (unchecked: 'hidden' | 'marked', page: string) =>
    new Person({ deps: { ...conversation, unchecked } })
      .writes('comprendre')
      .does({ kind: 'button', data: `r:1:mechanism.${page}` }).screen;

  it('is left out, and the page reads on; where drafts are shown it is marked', () => {
    expect(reads('hidden', 'cndh_limits')).not.toContain('Dans le centre du pays');
    expect(reads('hidden', 'cndh_limits')).not.toContain('Pas encore vérifié');
    expect(reads('hidden', 'cndh_limits')).toContain('Camp I.\nPour votre cas');
    expect(reads('marked', 'cndh_limits')).toContain(
      "Dans le centre du pays, l'accès lui est difficile.\n(Pas encore vérifié.)",
    );
    // Everybody else reads no draft.
    expect(new Person().deps.unchecked).toBeUndefined();
    expect(reader().picks('mechanism.cndh').picks('mechanism.cndh_limits').screen).not.toContain(
      'centre du pays',
    );
  });

  it('is also one whose sentence was changed since it was checked, until it is checked again', () => {
    const { texts: files } = projectContent();
    const said = (sentence: string) =>
      createTexts(
        { ...files, fr: { ...files.fr, facts: { ...(files.fr?.facts as object), cndh_public: sentence } } },
        { languages: ['fr'], defaultLanguage: 'fr' },
      );
    const readsIn = (sentence: string, unchecked: 'hidden' | 'marked') =>
      new Person({ deps: { ...conversation, texts: said(sentence), unchecked } })
        .writes('comprendre')
        .does({ kind: 'button', data: 'r:1:mechanism.cndh' }).screen;
    const now = texts.t('fr', 'facts.cndh_public');
    expect(readsIn(now, 'hidden')).toContain(now);
    const changed = 'La CNDH est une association.';
    expect(readsIn(changed, 'hidden')).not.toContain(changed);
    expect(readsIn(changed, 'marked')).toContain(`${changed}\n(Pas encore vérifié.)`);
    const { cndh_public: fact } = conversation.flows.knowledge.facts;
    expect(isChecked({ ...fact, sentences: { fr: sentenceVersion(changed) } }, changed)).toBe(true);
    expect(isChecked({ sentences: { fr: sentenceVersion(changed) } }, changed)).toBe(false);
  });

  it('was compared in every language in the sentence that stands there', () => {
    for (const [id, fact] of Object.entries(conversation.flows.knowledge.facts))
      for (const language of ['fr', 'en'])
        if (fact.checked_on)
          expect(isChecked(fact, texts.template(language, `facts.${id}`)), `${language} ${id}`).toBe(true);
  });

  it('leaves no page empty, and no page that speaks of what is not there', () => {
    for (const placed of conversation.flows.steps.values())
      if (placed.step.ask === 'screen')
        expect(
          linesOf(conversation.flows, placed, 'hidden', (key) => texts.template('fr', key)).length,
          placed.path,
        ).toBeGreaterThan(0);
  });
});

describe('a page that names who can help', () => {
  it('names who is verified, and says plainly that no one is', () => {
    expect(reader().picks('mechanism.answer').keys).toContain('bot.outside_none');
  });
});

describe('a person who says nothing more in the room', () => {
  it('has left it after half an hour: also which page they read is forgotten', () => {
    const person = reader().picks('mechanism.refer');
    expect(person.state?.due?.what).toBe('room_over');
    person.does({ kind: 'room_over' }, minutes(30));
    expect(person.effects).toEqual([]);
    expect(keptOf(person)).not.toContain('mechanism');
    expect(person.at).toBe('menu.home');
  });

  it('is not taken at their word for a number that answered a page: no one is paged for it', () => {
    // Two is SOS in the menu.
    const person = reader().does({ kind: 'room_over' }, minutes(30)).writes('2', minutes(5));
    expect(person.cases).toEqual([]);
    expect(person.keys).toContain('bot.stale_button');
    expect(person.at).toBe('menu.home');
    expect(person.writes('2').cases).toHaveLength(1);
  });

  it('has a report under way erased after 72 hours as always', () => {
    const person = walkTo(calmPerson(), 'report.phone_safe').writes('comprendre');
    const since = person.now.getTime();
    person.does({ kind: 'room_over' }, minutes(30));
    expect(person.state?.due).toEqual({
      what: 'silence_over',
      at: new Date(since + 72 * 3_600_000).toISOString(),
    });
    // Also where the service was away for all that time.
    const late = walkTo(calmPerson(), 'report.phone_safe').writes('comprendre');
    late.writes('bonjour', 73 * 3_600_000);
    expect(late.keys).toContain('bot.draft_forgotten');
    expect(late.did('forget_draft')).toHaveLength(1);
  });
});

describe('a reporter in the middle of a report', () => {
  it('asks about the mechanism and comes back to the question that they left', () => {
    const person = walkTo(calmPerson(), 'report.contact_how').writes('comment saisir la cndh');
    expect(person.at).toBe('report.contact_how');
    person.picks('mechanism.refer');
    expect(person.at).toBe('mechanism.refer');
    expect(person.choices).not.toContain('report');
    person.picks('mechanism.refer_where').picks('+out');
    expect(person.at).toBe('report.contact_how');
    expect(walkTo(person, 'report.review').state?.answers.who).toEqual({ kind: 'choice', value: 'self' });
  });

  it('does so by the word at a question for words, and by the first question that is left', () => {
    const person = walkTo(calmPerson(), 'report.account').writes('comprendre');
    expect(person.at).toBe('mechanism.chapters');
    expect(person.presses('back').at).toBe('report.account');
    expect(person.state?.answers.account).toBeUndefined();
  });

  it('is told when the questions were changed, and reads on', () => {
    const person = walkTo(calmPerson(), 'report.contact_how').writes('comprendre').picks('mechanism.refer');
    person.deps = changed((flow) => {
      if (flow.flow !== 'mechanism') return;
      const { refer: _, ...steps } = flow.steps;
      for (const step of Object.values(steps))
        if (step.ask === 'screen') step.leads_to = step.leads_to.filter((to) => to !== 'refer');
      flow.steps = steps;
    });
    person.writes('ok');
    expect(person.at).toBe('mechanism.chapters');
    // Nothing of the report was touched.
    expect(person.keys).not.toContain('bot.flows_changed');
    expect(person.picks('+out').at).toBe('report.contact_how');
  });
});

describe('a question in plain words', () => {
  const asked = [
    'qui peut m’aider à part l’État',
    'qui peut m’aider à part l’Etat ?',
    'qui peut m’aider',
    'que faire si la police m’arrête ?',
    'la loi protege les defenseurs?',
    'comment protéger mon téléphone',
    'la cour de la cedeao c’est encore possible ?',
    'qui lit mes messages',
    'est ce que c’est anonyme',
    'qui êtes vous',
    'la cndh peut elle m’aider',
    'est ce que la cndh est indépendante',
    'c’est qui le président de la cndh',
    'numero de la croix rouge',
    'je cherche un avocat',
    'est ce que je peux avoir de l’argent',
    'koman saisir cndh svp',
    'cmt sa marche la cndh',
    'jveu savoir mes droi',
    'n b’a fɛ ka mekanisimu dɔn',
    'who can help me apart from the state?',
  ];

  it.each(asked)(
    '"%s" opens a chapter at first contact, and no one is asked for consent or paged for it',
    (words) => {
      const person = new Person({ hint: 'fr' }).writes(words);
      expect(person.at).toMatch(/^mechanism\./);
      expect(person.at).not.toBe('mechanism.chapters');
      expect(person.state?.answers.account).toBeUndefined();
      expect(person.state?.due?.what).toBe('room_over');
    },
  );

  it('opens it at the three ways and in the menu too', () => {
    const ways = new Person().writes('bonjour').picks('none').writes('qui peut m’aider à part l’État ?');
    expect(ways.at).toBe('mechanism.state');
    const home = reader().picks('+out').writes('la police a le droit de fouiller mon téléphone ?');
    expect(home.at).toMatch(/^mechanism\./);
  });

  it.each([
    'on a fermé notre radio hier, que faire ?',
    'ils ont pris mon mari ce matin, qui peut m’aider ?',
    'au secours que faire ?',
    'mes voisins me menacent, est ce que vous pouvez venir',
    'des hommes armés sont là, qui appeler ?',
  ])('"%s" tells something: it is kept, and danger is asked about', (words) => {
    const person = new Person({ hint: 'fr' }).writes(words);
    expect(person.at).not.toMatch(/^mechanism\./);
    expect(keptOf(person)).toContain(words.slice(0, 12));
  });

  it('in a report is kept apart from the account, and its chapter is offered as a button; the way leads back', () => {
    for (const words of ['c’est gratuit l’appel ?', 'c’est quoi le mécanisme', 'qui lit mes réponses ?']) {
      for (const path of ['report.consent', 'report.who', 'report.contact_how']) {
        const person = walkTo(calmPerson(), path);
        const before = person.state?.answers.account;
        person.writes(words);
        expect(person.at, words).toBe(path);
        expect(person.keys).toContain('bot.question_kept');
        expect(person.state?.answers.account).toEqual(before);
        expect(person.state?.kept).toMatchObject([
          { step: 'asked_question', answer: { parts: [{ text: words }] } },
        ]);
        const chapter = person.choices.at(-1) ?? '';
        expect(chapter).toMatch(/^mechanism\./);
        expect(person.screen).toContain('Votre question');
        expect(person.writes(String(person.choices.length)).at).toBe(chapter);
        expect(person.picks('+out').at).toBe(path);
        expect(person.choices).not.toContain(chapter);
      }
    }
  });

  it('is no miss, however often, and its button goes with the next answer', () => {
    const person = walkTo(calmPerson(), 'report.consent');
    for (let n = 0; n < 4; n++) person.writes('qui lit mes réponses ?');
    expect(person.at).toBe('report.consent');
    person.writes('oui');
    expect(person.state?.answers.consent).toEqual({ kind: 'choice', value: 'yes' });
    expect(person.state?.chapter).toBeUndefined();
  });

  it('of a reporter with a case reaches the team apart from the account, and its chapter is offered', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send');
    for (const words of ['c’est quoi le mécanisme', 'comment saisir la CNDH pour mon collègue ?']) {
      person.writes(words);
      expect(person.keys).toContain('bot.question_kept');
      expect(person.keys).not.toContain('bot.added_to_case');
      expect(JSON.stringify(person.inCase('asked_question'))).toContain(words);
      expect(JSON.stringify(person.inCase('account'))).not.toContain(words);
      const chapter = person.choices.at(-1) ?? '';
      expect(person.picks(chapter).at).toBe(chapter);
      person.picks('+out');
    }
    // What is no question is added as always.
    expect(person.writes('mon collègue est encore là-bas').keys).toContain('bot.added_to_case');
  });

  it('where words are the answer stays the answer', () => {
    const person = walkTo(calmPerson(), 'report.account').writes('qui lit mes réponses ?');
    expect(JSON.stringify(person.state?.answers.account)).toContain('qui lit');
  });
});

describe('a person who asks about danger in the room', () => {
  it.each([
    'est-ce que la loi interdit les armes ?',
    'que dit la loi sur les groupes armés ?',
    'que dit la loi sur les blessés',
    'que faire si on me suit ?',
    'quels sont mes droits si la police vient avec des armes',
  ])('"%s" is answered there: no one is paged, and nothing is kept', (words) => {
    const person = reader().writes(words);
    expect(person.at).toBe('mechanism.chapters');
    expect(person.keys).toContain('bot.room_found');
    expect(keptOf(person)).not.toContain(words);
    expect(person.state?.due?.what).toBe('room_over');
    expect(person.cases).toEqual([]);
  });
});

describe('a person who asks for a person in the room', () => {
  it.each([
    'parler à une femme',
    'j’ai besoin de parler à quelqu’un',
    'appelez moi au 76 12 34 56',
    'i want to talk to a woman',
  ])('in their own words, "%s", is led to one, and what they wrote goes along', (words) => {
    const person = reader().picks('mechanism.refer').writes(words);
    expect(person.keys).toContain('person.wish.say');
    expect(person.at).toBe('report.consent');
    expect(keptOf(person)).toContain(words);
    expect(keptOf(person)).not.toContain('mechanism');
  });
});

describe('a person who goes back', () => {
  it.each(['back', 'retour', 'revenir', 'revenir en arrière', 'go back'])(
    'by "%s" turns one page',
    (word) => {
      const person = reader().picks('mechanism.refer').picks('mechanism.refer_where');
      if (word.includes('back')) person.writes('english');
      expect(person.writes(word).at).toBe('mechanism.refer');
      expect(person.writes(word).at).toBe('mechanism.chapters');
    },
  );
});

describe('what is more than reading', () => {
  it('a cry for help counts at once', () => {
    for (const cry of ['SOS', 'au secours', 'on nous attaque au secours']) {
      const person = reader().picks('mechanism.refer').writes(cry);
      if (person.at !== 'sos.where') {
        expect(person.keys).toContain('bot.sos_offer');
        expect(person.at.startsWith('mechanism')).toBe(false);
        expect(keptOf(person)).toContain(cry);
      } else expect(person.cases).toHaveLength(1);
      expect(person.state?.room).toBeUndefined();
    }
  });

  it('a sign of danger comes out of the room, is kept, and after two minutes a person is called', () => {
    const person = new Person()
      .writes('comment saisir la cndh')
      .writes('ils sont devant ma porte avec des armes');
    expect(person.at).toBe('report.danger');
    expect(person.keys).toContain('bot.sos_offer');
    expect(keptOf(person)).toContain('devant ma porte');
    expect(person.state?.due?.what).toBe('danger_unanswered');
    expect(person.does({ kind: 'danger_unanswered' }, minutes(2)).cases).toHaveLength(1);
  });

  it('a question about danger is a question, with SOS beside it', () => {
    const person = reader().writes("que dit la loi si on est arrêté aujourd'hui dans le quartier ?");
    expect(person.at).toBe('mechanism.chapters');
    expect(person.keys).toEqual(expect.arrayContaining(['bot.sos_offer', 'bot.room_found']));
    expect(person.choices).toContain('mechanism.taken');
    expect(keptOf(person)).not.toContain('quartier');
  });

  it('a question about a relative who was taken today is more: it is kept, and comes out of the room', () => {
    const person = reader().writes('mon frère a été arrêté ce matin, comment saisir la CNDH ?');
    expect(person.at).not.toMatch(/^mechanism/);
    expect(keptOf(person)).toContain('mon frère');
  });

  it('a story is not thrown away in silence: it is said that it is not kept, and how to report it', () => {
    const story =
      'le chef du village nous a chassés de nos champs la semaine dernière et personne ne dit rien';
    const person = reader().writes(story);
    expect(person.keys).toContain('bot.room_story');
    expect(person.choices).toContain('report');
    expect(keptOf(person)).not.toContain('champs');
    expect(person.picks('report').at).toBe('report.consent');
  });

  it.each([
    'on m’a frappé au marché',
    "on m'a frappé",
    'ils ont fermé notre bureau hier',
    'mon numéro est le 76 12 34 56',
    '76123456',
  ])('"%s" is no question either, however short: it is said that it is not kept', (said) => {
    const person = reader().writes(said);
    expect(person.keys).toContain('bot.room_story');
    expect(person.choices).toContain('report');
    expect(keptOf(person)).not.toMatch(/frapp|bureau|76/);
  });

  it.each(['garde à vue', 'cour africaine', 'combien de jours peut durer une garde à vue', 'zzz'])(
    '"%s" is looked for, and what finds nothing is said not to be kept',
    (said) => {
      const { keys, screen } = reader().writes(said);
      expect(keys).not.toContain('bot.room_story');
      expect(screen).toContain("rien n'est gardé");
    },
  );

  it('a wish to report begins one; what is told with it goes along', () => {
    const said = 'je veux porter plainte contre un gendarme';
    const person = reader().writes(said);
    expect(person.at).toBe('report.consent');
    expect(keptOf(person)).toContain(said);
    for (const wish of ['je veux signaler une menace', 'je voudrais faire un signalement svp'])
      expect(reader().writes(wish).state?.answers.account, wish).toBeUndefined();
  });

  it('"comment porter plainte" is a question', () => {
    expect(reader().writes('comment porter plainte ?').at).toMatch(/^mechanism/);
  });

  it('a voice note is kept for a person to hear, and the question of danger is asked', () => {
    const person = new Person().writes('comment saisir la cndh').sends('voice');
    expect(person.at).toBe('report.danger');
    expect(keptOf(person)).toContain('file-1');
    expect(person.state?.due?.what).toBe('danger_unanswered');
    expect(person.does({ kind: 'danger_unanswered' }, minutes(2)).cases).toHaveLength(1);
  });

  it('a voice note in the middle of a report is no answer to the question that was left', () => {
    const person = walkTo(calmPerson(), 'report.contact_number', { contact_how: 'call' });
    person.writes('comprendre').sends('voice');
    expect(person.at).toBe('report.contact_number');
    expect(person.state?.answers.contact_number).toBeUndefined();
    expect(keptOf(person)).toContain('file-1');
  });

  it('the wish for a person, a report and leaving are what they are everywhere', () => {
    expect(reader().picks('mechanism.refer').presses('person').at).toBe('report.consent');
    expect(reader().picks('mechanism.refer').picks('report').at).toBe('report.consent');
    const left = reader().picks('mechanism.refer').writes('partir');
    expect(left.keys).toEqual(['bot.left']);
    expect(keptOf(left)).not.toContain('mechanism');
    const erased = reader().picks('mechanism.refer').writes('effacer');
    expect(keptOf(erased)).not.toContain('mechanism');
  });
});

/** The project's flows after staff changed them. */
function changed(change: (flow: Flow) => void) {
  const flows = [...conversation.flows.flows.values()].map((flow) => structuredClone(flow));
  for (const flow of flows) change(flow);
  const { lists, knowledge } = conversation.flows;
  return {
    ...conversation,
    flows: compileFlows(
      flows.map((flow) => ({ name: flow.flow, content: flow })),
      [...lists.values()].map((list) => ({ name: list.list, content: list })),
      knowledge,
    ),
  };
}
