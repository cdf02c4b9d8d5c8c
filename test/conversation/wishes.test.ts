/** What people ask for by right in words of their own, at the menu and at every question; and what only sounds like it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectUnderstanding } from '../../src/commands/flows.ts';
import { normalise } from '../../src/conversation/reading/normalise.ts';
import {
  areGiven,
  tryWishes,
  type Wishes,
  wishesSchema,
  wishesTable,
} from '../../src/conversation/transcripts/wishes.ts';
import { isCourtesy } from '../../src/conversation/words/wishes.ts';
import { conversation, inBambara, Person } from './person.ts';
import { choice, NOW, paths, standing } from './standing.ts';

const { bm, ...signed } = wishesSchema.parse(
  parse(readFileSync('flows/understanding/wishes.yaml', 'utf8')),
) as Wishes & { bm: Wishes[string] };
const now = new Date(NOW);
const tried = tryWishes(conversation, signed, now);
const withDrafts = tryWishes(inBambara, { ...signed, bm }, now);

/** Whose calm report is with the team. */
function sent(situation: object = {}): Person {
  const person = new Person({ at: NOW });
  person.state = standing('menu.home', {
    caseId: 'case-1',
    reference: 'REF-1',
    isCaseOpen: true,
    isSubmitted: true,
    mayWrite: true,
    answers: { language: choice('fr') },
    ...situation,
  });
  person.cases.push({ entries: [], level: 'medium', reason: 'submitted', isSubmitted: true, isBare: false });
  return person;
}

/** In the middle of a report, in which they agreed to go on, on a safe phone, and to be called. */
function within(path: string): Person {
  const person = new Person({ at: NOW });
  const id = path.split('.')[1] ?? '';
  const number = { kind: 'text', text: '76 12 34 56' } as const;
  const answers = {
    ...standing(path, {}).answers,
    consent: choice('yes'),
    phone_safe: choice('yes'),
    who: choice('self'),
    contact_how: choice('here_any_time'),
    contact_number: number,
  };
  person.state = standing(path, { answers, mayWrite: true });
  delete person.state.answers[id];
  return person;
}

const kept = (person: Person): string =>
  JSON.stringify([person.state?.answers, person.state?.kept, person.state?.tried, person.cases]);

describe('a person whose report is with the team', () => {
  it.each([
    ['as the signed languages are on offer', tried],
    ['and with the draft', withDrafts],
  ])('is given what they ask for in their own words, nine times in ten at once, %s', (_, all) => {
    // biome-ignore lint/suspicious/noConsole: who mends the words wants to see what was not understood
    console.info(wishesTable(all));
    expect(all.filter(({ fate }) => fate === 'wrong')).toEqual([]);
    expect(areGiven(all)).toBe(true);
    expect(all.length).toBeGreaterThan(270);
  });

  it('would be seen to be given something else', () => {
    const swapped = tryWishes(conversation, { fr: { nothing: ['effacez tout'], erase: ['merci'] } }, now);
    expect(swapped.map(({ fate }) => fate).sort()).toEqual(['kept', 'wrong']);
    expect(areGiven(swapped)).toBe(false);
  });

  it('is counted in the table that the tool prints', async () => {
    const { text, exitCode = 0 } = await projectUnderstanding();
    expect(text).toContain(wishesTable(tried));
    expect(exitCode).toBe(0);
  }, 60_000);

  it.each([
    'ils ont effacé mes photos',
    'la police a supprimé ma page',
    "on m'a forcé à effacer la vidéo",
    'ils veulent supprimer notre association',
  ])('and tells "%s" asks for nothing: it is added, and no button stands beneath it', (words) => {
    const person = sent().writes(words);
    expect(person.did('tell_officer')).toEqual([]);
    expect(person.did('add_to_case')).toHaveLength(1);
    expect(person.state?.offered).toBeUndefined();
  });

  it('and says more than that all be erased has the words kept, and presses the button beneath them', () => {
    const person = sent().writes("effacez tout ce que j'ai raconté sur le préfet");
    expect(person.did('add_to_case')).toHaveLength(1);
    expect(person.commands).toContain('erase');
    expect(person.presses('erase').did('tell_officer')).toEqual([
      { type: 'tell_officer', what: 'erase_requested' },
    ]);
  });

  it.each(['changez mon nom svp', 'je me suis trompé de date', 'mon enfant a appuyé', 'ne venez pas'])(
    '"%s" is told to an officer with its words, which say more than that it is asked for',
    (words) => {
      const person = sent().writes(words);
      expect(person.did('tell_officer')).toHaveLength(1);
      expect(JSON.stringify(person.inCase('account'))).toContain(words);
    },
  );

  it.each(['annuler', 'erreur', "c'est une erreur", 'rien de grave', 'laissez tomber'])(
    '"%s" is answered calmly and with what is true: an officer sees it, and nothing is closed',
    (words) => {
      const person = sent().writes(words);
      expect(person.did('tell_officer')).toEqual([{ type: 'tell_officer', what: 'mistake' }]);
      expect(person.keys).toContain('bot.mistake_noted');
      expect(person.screen).toContain("rien n'est fermé");
      expect(person.state?.isCaseOpen).toBe(true);
    },
  );

  it('"je veux parler à une femme" is a wish for a person, and whom they want is in the case', () => {
    const person = sent().writes('je veux parler à une femme');
    expect(person.did('tell_officer')).toEqual([{ type: 'tell_officer', what: 'wants_person' }]);
    expect(JSON.stringify(person.inCase('account'))).toContain('une femme');
    expect(person.did('say_status')).toHaveLength(1);
  });

  it('"appelez-moi au 76 …" is a wish too, and the number counts once they say that it is safe', () => {
    const person = sent().writes('appelez moi au 76 12 34 56');
    expect(person.did('tell_officer')).toEqual([{ type: 'tell_officer', what: 'wants_person' }]);
    expect(person.at).toBe('number.new_number_safe');
    expect(person.inCase('contact_number')).toEqual([]);
    person.writes('oui');
    expect(person.at).toBe('menu.home');
    expect(person.keys).toContain('number.number_taken.say');
    expect(JSON.stringify(person.inCase('contact_number'))).toContain('76 12 34 56');
    // They may still be written to here.
    expect(person.state?.mayWrite).toBe(true);
  });

  it('who may not be written to is called at the number that they say is safe', () => {
    const person = sent({ mayWrite: { no: 'no_contact' } }).writes('mon nouveau numéro c est 76 12 34 56');
    expect(person.writes('oui').state?.mayWrite).toEqual({ no: 'call' });
    expect(person.inCase('contact_how')).toMatchObject([{ kind: 'choice', value: 'call' }]);
  });

  it('"changez mon numéro" asks which, and a number that is not safe is no way to reach them', () => {
    const person = sent().writes('changez mon numéro');
    expect(person.at).toBe('number.new_number');
    person.writes('66 77 88 99');
    expect(person.at).toBe('number.new_number_safe');
    person.writes('non');
    expect(person.keys).toContain('number.number_not_called.say');
    expect(person.inCase('contact_number')).toEqual([]);
    expect(JSON.stringify(person.inCase('new_number'))).toContain('66 77 88 99');
  });

  it.each([
    'ils mont appele avec le 76 12 34 56 hier',
    'ne m appelez plus au 76 12 34 56',
    'j ai payé 15 000 000 francs',
  ])('and writes "%s" gives no number to call', (words) => {
    const person = sent().writes(words);
    expect(person.at).toBe('menu.home');
    expect(person.did('add_to_case')).toHaveLength(1);
  });

  it('and was to be called is called no more once they say so; an officer is told', () => {
    const person = sent({ mayWrite: { no: 'call' } }).writes('ne m appelez plus');
    expect(person.state?.mayWrite).toEqual({ no: 'no_contact' });
    expect(person.keys).toContain('bot.calling_stopped');
  });

  it('asks to keep what was to be erased, and the team sees it; without a case nothing is claimed', () => {
    expect(sent().writes("n'effacez plus rien svp").did('tell_officer')).toEqual([
      { type: 'tell_officer', what: 'keep_asked' },
    ]);
    const draft = within('report.group').writes("n'effacez pas");
    expect(draft.keys).toContain('bot.keep_none');
    expect(draft.did('tell_officer')).toEqual([]);
  });
});

describe('thanks and greetings', () => {
  it.each([
    'merci',
    'ok',
    "d'accord merci",
    'merci que dieu vous bénisse',
    'bonsoir',
    '👍',
    'aw ni ce',
    'thank you',
  ])('"%s" is nothing new', (words) => expect(isCourtesy(inBambara.texts, normalise(words))).toBe(true));

  it.each([
    'merci ils sont revenus',
    'ok je viens demain',
    'merci de garder mon dossier',
    'oui ils ont tiré',
  ])('"%s" is', (words) => expect(isCourtesy(inBambara.texts, normalise(words))).toBe(false));

  it('reach the case as such', () => {
    expect(sent().writes('merci beaucoup').did('add_to_case')).toMatchObject([{ isCourtesy: true }]);
    expect(sent().writes('merci ils sont revenus').did('add_to_case')).not.toMatchObject([
      { isCourtesy: true },
    ]);
  });
});

/** After the honesty screen, at whatever is asked. */
const asked = paths.filter(
  (path) => /^(report|sos|person|number)\./.test(path) && !/\.(danger|consent|safe|safe_hours)$/.test(path),
);
const isForWords = (path: string): boolean =>
  ['text', 'account', 'evidence', 'date', 'place', 'code'].includes(
    conversation.flows.steps.get(path)?.step.ask ?? '',
  );

describe.each([
  "ne m'écrivez pas",
  'ne mecrivé plus svp',
  'plus de messages svp',
  "n'envoyez plus rien",
  'do not write to me please',
])('"%s", at every question after the honesty screen', (words) => {
  it('holds from that moment, or is kept with a button that makes it hold', () => {
    const open = asked.filter((path) => {
      const person = within(path).writes(words);
      const isQuiet = () => typeof person.state?.mayWrite === 'object' && 'no' in person.state.mayWrite;
      if (isQuiet()) return false;
      const isOffered = isForWords(path) && person.commands.includes('quiet') && kept(person).includes(words);
      if (isOffered) person.presses('quiet');
      return !(isOffered && isQuiet());
    });
    expect(open).toEqual([]);
  });
});

describe('where calls are agreed on', () => {
  it.each(["n'appelez pas", 'ne m appelez pas svp', "pas d'appel"])('"%s" is no yes to a call', (words) => {
    const how = within('report.contact_how').writes(words);
    expect(how.at).toBe('report.contact_how');
    expect(how.state?.answers.contact_how).toBeUndefined();
    for (const path of ['report.contact_number', 'report.contact_hours']) {
      const person = within(path);
      Object.assign(person.state?.answers ?? {}, { contact_how: choice('call') });
      person.writes(words);
      expect(person.at).toBe('report.contact_how');
      expect(person.keys).toContain('bot.calling_stopped');
      expect(kept(person)).toContain(words);
    }
    const later = within('report.group');
    Object.assign(later.state?.answers ?? {}, { contact_how: choice('call') });
    expect(later.writes(words).state?.mayWrite).toEqual({ no: 'no_contact' });
    expect(later.state?.answers.contact_how).toMatchObject(choice('no_contact'));
  });

  it.each([
    'pas un proche',
    'pas de proche svp',
    "pas par quelqu'un de ma famille",
    'n appelez pas mon mari',
  ])('"%s" chooses no relative, and no one as the person concerned', (words) => {
    for (const path of ['report.contact_how', 'report.who']) {
      const person = within(path).writes(words);
      expect(person.at).toBe(path);
      expect(kept(person)).toContain(words);
    }
  });

  it.each(['effacez tout svp', 'je veux voir mon dossier', 'je veux parler à une femme'])(
    '"%s" is no number: it is kept, offered, and the number is asked for again',
    (words) => {
      const person = within('report.contact_number');
      Object.assign(person.state?.answers ?? {}, { contact_how: choice('call') });
      person.writes(words);
      expect(person.at).toBe('report.contact_number');
      expect(person.state?.answers.contact_number).toBeUndefined();
      expect(person.keys).toContain('bot.maybe_command');
      expect(kept(person)).toContain(words);
    },
  );
});

describe('in the middle of a report', () => {
  it.each(['effacez tout svp', 'jveu ke vs effacié tt', 'supprimez ce que j ai dit'])(
    '"%s" erases a draft where a button could, and is kept and offered where words are the answer',
    (words) => {
      expect(within('report.group').writes(words).did('forget_draft')).toHaveLength(1);
      const telling = within('report.account').writes(words);
      expect(telling.did('forget_draft')).toEqual([]);
      expect(kept(telling)).toContain(words);
      expect(telling.commands).toContain('erase');
      expect(telling.presses('erase').did('forget_draft')).toHaveLength(1);
    },
  );

  it('"is it erased?" erases nothing', () => {
    for (const words of ["c'est effacé ?", 'tout effacé ?', 'mon dossier effacé ?'])
      expect(within('report.group').writes(words).did('forget_draft')).toEqual([]);
  });

  it('"it is nothing", "no need" answer the question that stands, and are no false alarm', () => {
    const person = within('report.needs').writes('pas besoin');
    expect(person.did('tell_officer')).toEqual([]);
    expect(person.keys).not.toContain('bot.mistake_noted');
  });

  it('a wish for a woman to speak to is kept, with the button that asks for it', () => {
    const person = within('report.group').writes('je veux parler à une femme');
    expect(kept(person)).toContain('une femme');
    expect(person.commands).toContain('person');
  });
});

describe('at the read-back', () => {
  it.each(['je ne veux pas envoyer', 'non', "j'ai changé d'avis", 'terminé', 'fini'])(
    'a person who writes "%s" sends nothing and keeps nothing for it, and is told what can be done',
    (words) => {
      const person = within('report.review').writes(words);
      expect(person.at).toBe('report.review');
      expect(person.keys).toContain('bot.not_sent_yet');
      expect(person.did('open_case')).toEqual([]);
      expect(kept(person)).not.toContain(words);
    },
  );
});

describe('once the report is with the team', () => {
  it.each(["c'est fini", 'fini', 'voilà'])('"%s" is added to the case, and not lost', (words) => {
    const person = sent().writes(words);
    expect(JSON.stringify(person.inCase('account'))).toContain(words);
    expect(person.keys).toContain('bot.added_to_case');
  });

  it.each(['mon mari a vu le message', 'il a lu', 'ils ont lu vos messages', 'he read it'])(
    '"%s": nothing is written to them unasked any more',
    (words) => {
      const person = sent().writes(words);
      expect(person.state?.mayWrite).toEqual({ no: 'phone_unsafe' });
      expect(person.keys).toContain('bot.writing_stopped');
      expect(JSON.stringify(person.inCase('account'))).toContain(words);
    },
  );
});

it('a phone that is not safe is not asked to be called safe: a safe number is what helps', () => {
  const { texts } = conversation;
  for (const [language, how] of [
    ['fr', 'Comment vous joindre'],
    ['en', 'How to reach you'],
  ] as const)
    expect(texts.t(language, 'report.silent_here.say')).toContain(how);
});
