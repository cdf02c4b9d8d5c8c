/** How many questions are said to lie ahead, held against how many really come, on every way. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECONDS_EACH } from '../../src/conversation/asking/foreseeing.ts';
import { partOf } from '../../src/conversation/asking/place.ts';
import { entryCodes } from '../../src/conversation/flows/code-lists.ts';
import { calmPerson, conversation, type Person, walkTo } from './person.ts';

/** What one screen said of those after it; `from`: the least. */
type Screen = { question: string; from: number; most: number };

const REVIEW = 'report.review';

/** What the person reads of the questions ahead. */
function read(person: Person): Omit<Screen, 'question'> {
  const numbers = (text: string) => [...text.matchAll(/\d+/g)].map(Number);
  const [said = ''] =
    person.at === REVIEW
      ? (person.says.at(-1)?.choices ?? []).filter(({ id }) => id === '+go_on').map(({ label }) => label)
      : person.screen.split('\n').filter((line) => /^Après celle-ci/.test(line));
  if (said === '') return { from: 0, most: 0 };
  const [first = 0, second = 0] = numbers(said.replace(/\(.*\)/, ''));
  return second === 0 ? { from: 0, most: first } : { from: first, most: second };
}

function questionOf({ at, state }: Person): string {
  const answer = state?.answers[at.split('.')[1] ?? ''];
  const isPlace = conversation.flows.steps.get(at)?.step.ask === 'place';
  return isPlace && answer?.kind === 'place' ? `${at}/${partOf(answer)}` : isPlace ? `${at}/zone` : at;
}

/** Goes on to the end of the further questions, answering as `pick` says: an option, or undefined to skip. */
function goesOn(person: Person, pick: (question: string, options: string[]) => string | undefined): Screen[] {
  const screens: Screen[] = [{ question: REVIEW, ...read(person) }];
  person.picks('+go_on');
  for (let i = 0; i < 150 && person.at !== REVIEW; i++) {
    const question = questionOf(person);
    if (screens.at(-1)?.question !== question) screens.push({ question, ...read(person) });
    const { at } = person;
    const wanted = pick(
      at,
      person.choices.filter((each) => !each.startsWith('+')),
    );
    if (wanted !== undefined && person.choices.includes(wanted)) person.picks(wanted);
    else if (wanted === 'words') person.writes('mon bureau', 30_000);
    else person.presses(question.includes('/') && !question.endsWith('words') ? 'done' : 'skip');
    const { ask } = conversation.flows.steps.get(at)?.step ?? {};
    if (wanted !== undefined && (ask === 'choices' || ask === 'evidence')) person.presses('done');
  }
  expect(person.at).toBe(REVIEW);
  return screens;
}

/** What was said is never exceeded, never less came than said, and it never grows. */
function expectTrue(screens: readonly Screen[]): void {
  for (const [index, { question, from, most }] of screens.entries()) {
    const came = screens.length - 1 - index;
    expect(came, `${question}: at most ${most}`).toBeLessThanOrEqual(most);
    expect(came, `${question}: at least ${from}`).toBeGreaterThanOrEqual(from);
    const before = screens[index - 1];
    if (before) expect(most, `${question} after ${before.question}`).toBeLessThan(before.most);
  }
}

const kinds = entryCodes(conversation.flows.lists.get('threat_types') ?? { list: '', entries: {} });
const groupOf = (kind: string) =>
  conversation.flows.lists.get('threat_types')?.entries[kind]?.menu ?? 'other_unsure';
const PEOPLE = ['self', 'other_defender', 'group'] as const;
const REACHED = ['here_any_time', 'call'] as const;

const toReview = (who: string, contact: string) =>
  walkTo(calmPerson(), REVIEW, { who, contact_how: contact, other_under_18: 'no', who_agrees: 'impossible' });

describe('a reporter who goes on after the read-back', () => {
  it.each(kinds)('is told of %s no number that is exceeded or grows, whatever is answered', (kind) => {
    const fixed: Record<string, string> = { 'report.group': groupOf(kind), 'report.kind': kind };
    const manners: ((question: string, options: string[]) => string | undefined)[] = [
      (_, options) => options[0] ?? 'words',
      (_, options) => options.at(-1) ?? 'words',
      (_, options) => options.find((each) => each === 'no') ?? options[0],
      () => undefined,
    ];
    for (const [index, manner] of manners.entries()) {
      const who = PEOPLE[index % PEOPLE.length] ?? 'self';
      const person = toReview(who, REACHED[index % REACHED.length] ?? 'call');
      expectTrue(goesOn(person, (at, options) => fixed[at] ?? manner(at, options)));
    }
  });

  it('is told nothing else when what happened is passed, or unsure', () => {
    expectTrue(goesOn(toReview('self', 'call'), () => undefined));
    expectTrue(
      goesOn(toReview('self', 'call'), (at) => (at === 'report.group' ? 'other_unsure' : undefined)),
    );
  });

  it('is told so on random ways too', () => {
    const way = fc.record({
      who: fc.constantFrom(...PEOPLE),
      contact: fc.constantFrom(...REACHED),
      answers: fc.array(fc.nat({ max: 12 }), { minLength: 60, maxLength: 60 }),
    });
    fc.assert(
      fc.property(way, ({ who, contact, answers }) => {
        let at = 0;
        expectTrue(
          goesOn(toReview(who, contact), (_, options) => {
            const nth = answers[at++ % answers.length] ?? 0;
            return nth > 9 ? undefined : (options[nth % Math.max(1, options.length)] ?? 'words');
          }),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is told a range once, before they go on; from there on one number, which only falls', () => {
    const person = toReview('self', 'here_any_time');
    expect(person.screen).toMatch(/2\. Encore \d+ à \d+ questions \(\d+–\d+ min\)/);
    person.picks('+go_on');
    for (const pick of ['threats', 'death_threat', undefined]) {
      expect(person.screen).toMatch(/Après celle-ci, il reste \d+ questions au plus\./);
      expect(person.keys).not.toContain('bot.more_opened');
      if (pick) person.picks(pick);
    }
  });

  it('and changes an answer that opens more is told so, once', () => {
    const person = toReview('self', 'here_any_time');
    const before = read(person).most;
    person.picks('+correct').picks('contact_how').picks('call').writes('70 00 00 00').presses('skip');
    expect(person.at).toBe(REVIEW);
    expect(read(person).most).toBeGreaterThan(before);
    expect(person.keys).toContain('bot.more_opened');
    expect(person.writes('?').keys).not.toContain('bot.more_opened');
  });

  it.each(['death_threat', 'arbitrary_detention', 'sexual_violence'])(
    'with %s needs about as long as it is told, read slowly and answered on a phone',
    (kind) => {
      const fixed: Record<string, string> = { 'report.group': groupOf(kind), 'report.kind': kind };
      const person = toReview('self', 'call').picks('+go_on');
      const spent: number[] = [];
      for (let i = 0; i < 150 && person.at !== REVIEW; i++) {
        spent.push(person.screen.split(/\s+/).length / WORDS_A_SECOND + ANSWERING);
        const wanted = fixed[person.at];
        const isPart = /\/(region|cercle)$/.test(questionOf(person));
        if (wanted) person.picks(wanted);
        else person.presses(isPart ? 'done' : 'skip');
      }
      const mean = spent.reduce((sum, each) => sum + each, 0) / spent.length;
      expect(spent.length).toBeGreaterThan(10);
      expect(mean).toBeLessThanOrEqual(SECONDS_EACH);
      expect(mean).toBeGreaterThan(SECONDS_EACH / 2);
    },
  );
});

/** People who read seldom read two words a second, and press or type for some ten seconds. */
const WORDS_A_SECOND = 2;
const ANSWERING = 10;
