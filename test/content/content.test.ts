import { describe, expect, it } from 'vitest';
import { checkContent } from '../../src/conversation/checks/check.ts';
import { type Problem, problemLine } from '../../src/conversation/checks/problem.ts';
import { compileFlows } from '../../src/conversation/flows/compile.ts';
import type { Fact } from '../../src/conversation/flows/facts.ts';
import type { Flow } from '../../src/conversation/flows/flow.ts';
import type { Answer, Answers } from '../../src/conversation/values/answer.ts';
import { changedTexts, projectContent } from './content.ts';
import { walk } from './possible.ts';

const NOW = new Date('2026-11-24T10:00:00Z');
const is = (value: string): Answer => ({ kind: 'choice', value });

describe('the questions, rules and texts of the project', () => {
  it('have no problem', () => {
    expect(checkContent(projectContent()).map(problemLine)).toEqual([]);
  });

  const { flows } = projectContent();
  const shortest: Answers = {
    language: is('fr'),
    danger: is('none'),
    consent: is('yes'),
    who: is('self'),
    account: { kind: 'account', parts: [{ kind: 'text', text: 'x' }], done: true },
    group: is('other_unsure'),
    contact_how: is('here_any_time'),
    ways: is('report'),
    review: is('send'),
  };

  /** Goes on after the read-back. */
  const goingOn: Answers = { ...shortest, review: is('more') };

  it('ask first what a useful report needs, nothing sensitive before consent, and nothing more unless wanted', () => {
    const asked = walk(flows, {}, NOW, shortest).asked.map((path) => path.split('.')[1]);
    expect(asked).toEqual([
      'language',
      'danger',
      'ways',
      'consent',
      'phone_safe',
      'who',
      'account',
      'contact_how',
      'review',
    ]);
  });

  it('ask the rest in the order of its use to an officer, and come back to the read-back', () => {
    const asked = walk(flows, {}, NOW, goingOn).asked.map((path) => path.split('.')[1]);
    expect(asked.slice(asked.indexOf('review'))).toEqual([
      'review',
      'group',
      'happened',
      'course',
      'before',
      'place',
      'suspect',
      'regional_office_out',
      'needs',
      'spoken',
      'evidence',
      'work',
      'organisation',
      'gender',
      'situation',
      'steps_taken',
    ]);
  });

  it('ask only once where a person who was taken was, and where they are', () => {
    const taken = { group: is('arrested'), who: is('other_defender'), who_agrees: is('impossible') };
    const place: Answer = { kind: 'place', words: 'au marché', done: true };
    const asked = (given: Answers) =>
      walk(flows, { ...taken, ...given }, NOW, goingOn).asked.map((path) => path.split('.')[1]);
    expect(asked({ taken_from: place })).not.toContain('place');
    // Also where it was passed; of anything else the place is asked.
    expect(asked({})).not.toContain('place');
    expect(asked({ group: is('threats') })).toContain('place');
    expect(asked({ held_place_known: is('no') })).not.toContain('held_place');
    expect(asked({ held_place_known: is('yes') })).toContain('held_place');
    for (const id of ['lawyer', 'family_access', 'held_place_known', 'held_place', 'authority_asked'])
      expect(asked({ free_now: is('yes'), held_place_known: is('no') })).not.toContain(id);
  });

  it('put two short questions after an alert before they ask whether to go on', () => {
    const { asked } = walk(flows, { danger: is('now'), go_on: is('pause') }, NOW, shortest);
    expect(asked).toEqual(['menu.language', 'report.danger', 'sos.where', 'sos.safe', 'sos.go_on']);
  });

  it('end at once for a reporter who does not agree', () => {
    const { asked } = walk(flows, { consent: is('no') }, NOW, shortest);
    expect(asked).toEqual(['menu.language', 'report.danger', 'menu.ways', 'report.consent']);
  });

  it('ask a minor nothing but what happened and how to be reached, however much they want to tell', () => {
    const { asked } = walk(flows, { who: is('self_under_18') }, NOW, goingOn);
    expect(asked.slice(-4)).toEqual(['report.who', 'report.account', 'report.contact_how', 'report.review']);
  });

  it('ask how old the person is for whom another one speaks', () => {
    const given = { who: is('other_defender'), who_agrees: is('yes') };
    expect(walk(flows, given, NOW, shortest).asked).toContain('report.other_under_18');
    expect(walk(flows, {}, NOW, shortest).asked).not.toContain('report.other_under_18');
  });

  it('ask no one about sharing: that is asked when the team wants to share something with a named recipient', () => {
    expect([...flows.steps.keys()].filter((path) => path.includes('share'))).toEqual([]);
  });

  it('ask everything about a person who was taken', () => {
    const given = {
      group: is('arrested'),
      kind: is('arbitrary_detention'),
      who: is('other_defender'),
      who_agrees: is('impossible'),
    };
    const asked = walk(flows, given, NOW, goingOn).asked.map((path) => path.split('.')[1]);
    for (const id of [
      'person_name',
      'taken_when',
      'taken_from',
      'taken_by',
      'taken_vehicle',
      'held_place_known',
      'held_health',
      'lawyer',
      'family_told',
      'authority_asked',
    ]) {
      expect(asked).toContain(id);
    }
    expect(asked).not.toContain('happened');
  });

  it('do not ask the name of a person who did not agree', () => {
    const given = { group: is('missing_abducted'), who: is('other_defender'), who_agrees: is('no') };
    expect(walk(flows, given, NOW, goingOn).asked).not.toContain('report.person_name');
  });
});

describe('the check', () => {
  type Content = ReturnType<typeof projectContent>;
  type Texts = Record<string, Record<string, Record<string, Record<string, unknown>>>>;
  const texts = (change: (texts: Texts) => void): Content => {
    const content = projectContent();
    return { ...content, texts: changedTexts(content.texts, change) };
  };
  const report = (change: (flow: Flow) => void): Content => {
    const content = projectContent();
    const all = [...content.flows.flows.values()].map((flow) => structuredClone(flow) as Flow);
    for (const flow of all) if (flow.flow === 'report') change(flow);
    const lists = [...content.flows.lists.values()];
    const file = (name: string) => (each: unknown) => ({ name, content: each });
    return {
      ...content,
      flows: compileFlows(all.map(file('flows')), lists.map(file('list')), content.flows.knowledge),
    };
  };
  const rule = (when: unknown): Content => {
    const content = projectContent();
    const urgent = [...(content.triage.rules.urgent ?? []), { id: 'U99', why: 'test', when: when as never }];
    return { ...content, triage: { ...content.triage, rules: { ...content.triage.rules, urgent } } };
  };
  const found = (content: Content): string[] =>
    checkContent(content).map(({ key, problem }: Problem) => `${key}: ${problem}`);

  it('finds a text that a language lacks, and one that no one asks for', () => {
    const content = texts((all) => {
      const { en, fr } = all;
      if (en?.report?.danger) delete en.report.danger.ask;
      if (fr?.report) fr.report.dangr = { ask: 'x' };
    });
    expect(found(content)).toContain('report.danger.ask: this text is missing');
    expect(found(content)).toContain('report.dangr.ask: nobody asks for this text');
  });

  it('finds placeholders that differ or that no one fills', () => {
    const content = texts(({ fr }) => {
      if (fr?.report?.sent) fr.report.sent.say = 'Merci, {{nom}}';
    });
    expect(found(content)).toContain('report.sent.say: {{nom}} is not filled in here');
    expect(found(content)).toContain('report.sent.say: its placeholders differ from those in en');
  });

  it('finds what a page says in one language only, says to no one, or fills in with something else', () => {
    const content = texts(({ fr, en }) => {
      const { shell, inbox } = fr?.console ?? {};
      if (shell) shell.hello = 'Bonjour';
      if (inbox) inbox.opened_some = '{{n}} / {{of}}';
      if (en?.simulator?.phone) delete en.simulator.phone.send;
    });
    expect(found(content)).toEqual(
      expect.arrayContaining([
        'console.shell.hello: nobody asks for this text',
        'console.inbox.opened_some: {{n}} is not filled in here',
        'simulator.phone.send: this text is missing',
      ]),
    );
  });

  it('finds a text that counts and lacks a form of its language, or has one of another', () => {
    const content = texts(({ fr, en }) => {
      if (fr?.console?.inbox) delete fr.console.inbox.unheard_many;
      if (en?.console?.inbox) en.console.inbox.unheard_few = '{{count}} voice notes';
    });
    expect(found(content)).toContain('console.inbox.unheard: its form _many is missing');
    expect(found(content)).toContain('console.inbox.unheard: this language has no form _few');
  });

  it.each([
    ['fr', 'Pourquoi ?', 'asks for reasons'],
    ['fr', "Ce n'est pas grave.", 'makes little of what happened'],
    ['fr', 'Nous vous promettons de vous aider.', 'promises what nobody can keep'],
    ['en', 'Why did they come?', 'asks for reasons'],
    ['en', 'You will be safe.', 'promises what nobody can keep'],
    ['en', 'This is a secure messenger.', 'calls the messenger secure'],
    ['en', 'Thank you 🙂', 'holds an emoji'],
    ['fr', "J'ai bien reçu votre message.", 'speaks as one person'],
    ['fr', 'Où es-tu ? Dis ton quartier. Tu peux parler.', 'is too familiar'],
    ['fr', 'Un agent vous répond.', 'calls us what many take for the State'],
    ['fr', 'Êtes-vous blessé ?', 'is said to men only'],
    ['en', 'I will answer.', 'speaks as one person'],
    ['en', 'An officer has it.', 'calls us what many take for the State'],
    ['en', `Tell us ${'and tell us '.repeat(8)}now.`, 'has a sentence of 27 words, more than 22'],
  ])('finds in %s "%s"', (language, text, problem) => {
    const content = texts((all) => {
      const danger = all[language]?.report?.danger;
      if (danger) danger.ask = text;
    });
    expect(found(content)).toContain(`report.danger.ask: ${problem}`);
  });

  it('lets people answer in the first person, be quoted, and speak of State agents and of a threat', () => {
    const said = 'Répondez « Je ne sais pas ». Un agent de l’État menace ? Une menace de mort ?';
    const content = texts(({ fr }) => {
      const { danger, consent } = fr?.report ?? {};
      if (danger) Object.assign(danger.options as object, { none: 'Non, je suis chez moi' });
      if (consent) consent.help = said;
    });
    expect(found(content)).toEqual([]);
  });

  it('finds an officer who is spoken to as a friend, or by one who says "I"; their own buttons say it', () => {
    const content = texts(({ fr }) => {
      Object.assign(fr?.officer?.hand_over ?? {}, { nobody: 'Je te la laisse : {{reference}}.' });
      Object.assign(fr?.officer?.button ?? {}, { take: 'Je prends, moi' });
    });
    expect(found(content)).toEqual([
      'officer.hand_over.nobody: speaks as one person',
      'officer.hand_over.nobody: is too familiar',
    ]);
  });

  it('asks each language for its own words of every rule, and lets one have none', () => {
    const content = texts(({ en }) => {
      if (en?.wording) Object.assign(en.wording, { reasons: undefined, guilt: [] });
      delete en?.wording?.reasons;
    });
    expect(found(content)).toEqual(['wording.reasons: this text is missing']);
  });

  it('finds a label that fits no button and one that is a command', () => {
    const content = texts(({ fr }) => {
      const options = fr?.report?.course?.options as Record<string, string>;
      options.over = "C'est fini";
      options.urgent = 'Pour moi, ma famille et tous mes voisins, cela presse';
    });
    const lines = found(content);
    expect(lines).toContain('report.course.options.over: is also the word for done');
    expect(lines.some((line) => line.includes('do not fit a button of 37'))).toBe(true);
  });

  it('finds a word with two meanings', () => {
    const content = texts(({ fr }) => {
      const help = fr?.commands?.help as { words: string[] };
      help.words.push('Au secours !');
    });
    expect(found(content)).toContain('commands.help.words: "Au secours !" already means sos');
  });

  it('finds a screen that is too long to be read', () => {
    const content = texts(({ fr }) => {
      if (fr?.report?.who) fr.report.who.ask = 'mot '.repeat(400);
    });
    expect(found(content).some((line) => line.startsWith('report.who.ask: with its options it has'))).toBe(
      true,
    );
  });

  it('finds a rule that no one can set off', () => {
    expect(found(rule({ dangr: 'now' }))).toContain('U99: there is no question "dangr"');
    expect(found(rule({ danger: 'nw' }))).toContain('U99: "danger" can never be "nw"');
    expect(found(rule({ place: { within_days: 3 } }))).toContain('U99: "place" can never be a date');
    expect(found(rule({ perpetrator: { group: 'martians' } }))).toContain(
      'U99: "perpetrator" can never be an entry with group "martians"',
    );
  });

  it('finds a rule that an "I don\'t know" would lower', () => {
    expect(found(rule({ not: { lawyer: 'unknown' } }))).toContain(
      'U99: becomes false when "lawyer" is unknown, skipped or not said',
    );
  });

  it('finds a question that no way leads to, and one without a way out', () => {
    const lost = report((flow) => {
      const { consent } = flow.steps;
      if (consent) consent.next = 'who';
    });
    expect(found(lost)).toContain('phone_safe: no way leads to this step');
    const circle = report((flow) => {
      const { sent, review } = flow.steps;
      if (sent) sent.next = 'review';
      if (review) review.next = 'sent';
    });
    expect(found(circle)).toContain('review: from here no way leads back to the menu');
  });

  it('finds a required question that may be skipped and a consent to show something to no one', () => {
    const content = report((flow) => {
      const { who, consent } = flow.steps;
      if (who) who.required = false;
      if (consent?.ask === 'yes_no' && consent.records) consent.records.to = 'everybody';
    });
    expect(found(content)).toContain('who: this question may be skipped');
    expect(found(content)).toContain('consent: there is no recipient "everybody"');
  });

  it('finds a condition on a question that comes later', () => {
    const content = report((flow) => {
      const { account } = flow.steps;
      if (account) account.when = { kind: 'killing' };
    });
    expect(found(content)).toContain('account: "when" looks at "kind", which is asked later');
  });

  it('says in each line where and how to mend it', () => {
    for (const each of checkContent(rule({ dangr: 'now' }))) expect(each.mend.length).toBeGreaterThan(5);
  });
});

describe('the check of the room to read in', () => {
  const LONG = 'Un mot de plus. '.repeat(60);
  type Changed = {
    flow?: (flow: Flow) => void;
    facts?: (facts: Record<string, Fact>) => void;
    texts?: (texts: Record<string, Record<string, Record<string, unknown>>>) => void;
  };
  const found = ({ flow, facts, texts }: Changed): string[] => {
    const content = projectContent();
    const flows = [...content.flows.flows.values()].map((each) => structuredClone(each));
    for (const each of flows) if (each.flow === 'mechanism') flow?.(each);
    const knowledge = structuredClone(content.flows.knowledge);
    facts?.(knowledge.facts as Record<string, Fact>);
    const said = changedTexts(content.texts, (all) => texts?.(all));
    const file = (name: string) => (each: unknown) => ({ name, content: each });
    const compiled = compileFlows(
      flows.map(file('flows')),
      [...content.flows.lists.values()].map(file('list')),
      knowledge,
    );
    return checkContent({ ...content, texts: said, flows: compiled }).map(
      ({ key, problem }) => `${key}: ${problem}`,
    );
  };
  const page = (flow: Flow, id: string) => {
    const step = flow.steps[id];
    if (step?.ask !== 'screen') throw new Error(`${id} is no page`);
    return step;
  };

  it('finds a page that is too long to be read, in its language', () => {
    const lines = found({ texts: ({ fr }) => Object.assign(fr?.facts ?? {}, { cndh_visits: LONG }) });
    expect(
      lines.some((line) => /^mechanism\.cndh: the page has \d+ characters, more than 700$/.test(line)),
    ).toBe(true);
  });

  it('finds a fact without source, without record, without words, on no page, or half checked', () => {
    expect(
      found({
        facts: (facts) => {
          Object.assign(facts.cndh_visits ?? {}, { sources: [] });
          Object.assign(facts.cndh_report ?? {}, { sources: ['NOWHERE'] });
          delete facts.cndh_report?.checked_by;
          delete facts.cndh_must_answer;
          facts.nobody_says_it = { sources: ['ABK20'], kind: 'itself', sentences: {} };
          Object.assign(facts.cndh_visits_2021 ?? {}, { sentences: {} });
        },
      }),
    ).toEqual(
      expect.arrayContaining([
        'cndh_visits: has no source',
        'cndh_report: there is no source "NOWHERE"',
        'cndh_report: says half of who checked it and when',
        'cndh_visits_2021: says that it was checked, or which sentence was, and not both',
        'cndh: there is no fact "cndh_must_answer"',
        'facts.cndh_must_answer: nobody asks for this text',
        'nobody_says_it: no page states this fact',
        'facts.nobody_says_it: this text is missing',
        // Only that fact named it.
        'MA2: no fact names this source',
      ]),
    );
  });

  it('finds a page from which a report is further than two taps', () => {
    const lines = found({
      flow: (flow) => {
        const isFar = ['chapters', 'defender', 'defender_card', 'law'];
        for (const id of isFar)
          page(flow, id).leads_to = page(flow, id).leads_to.filter((to) => to !== 'report');
        page(flow, 'defender_card').leads_to = ['defender'];
        page(flow, 'defender').leads_to = ['defender_card'];
      },
    });
    expect(lines).toContain('defender: a report is further than 2 taps');
    expect(lines).not.toContain('chapters: a report is further than 2 taps');
  });

  it('finds a chapter of too many pages, a page of two chapters, and one that is called like a question', () => {
    const lines = found({
      flow: (flow) => {
        page(flow, 'refer').leads_to.push('cndh_limits');
        flow.steps.danger = structuredClone(page(flow, 'said_rights'));
        page(flow, 'said').leads_to.push('danger');
      },
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        'refer: more than 2 pages follow this one',
        'cndh_limits: stands in two chapters',
        'danger: a question is called so too',
      ]),
    );
  });

  it('refuses a question in a flow that keeps nothing, and a page in one that keeps answers', () => {
    const asks = (flow: Flow) => Object.assign(flow.steps, { which: { ask: 'text' } });
    expect(() => found({ flow: asks })).toThrow('asks something in a flow that keeps nothing');
    const keeps = (flow: Flow) => delete flow.keeps;
    expect(() => found({ flow: keeps })).toThrow('a screen in a flow that keeps answers');
  });
});
