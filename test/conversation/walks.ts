/**
 * Random walks: two people write in turn, twice, late, with old buttons, in two languages, while the service
 * restarts and its questions change. Used short in the suite and long in `test/slow`.
 */
import fc from 'fast-check';
import type { Conversation } from '../../src/conversation/asking/turn.ts';
import { isPage } from '../../src/conversation/chapters/chapters.ts';
import { compileFlows } from '../../src/conversation/flows/compile.ts';
import type { Flow } from '../../src/conversation/flows/flow.ts';
import type { Input } from '../../src/conversation/values/input.ts';
import type { ConversationState } from '../../src/conversation/values/state.ts';
import { COMMANDS } from '../../src/conversation/words/bot-keys.ts';
import { conversation, Person, USUAL } from './person.ts';
import { expectPromises, hasForgotten } from './promises.ts';

type Deed =
  | { kind: 'choose'; nth: number }
  | { kind: 'number'; nth: number }
  | { kind: 'story' }
  | { kind: 'voice' }
  | { kind: 'command'; nth: number }
  | { kind: 'typed'; text: string }
  | { kind: 'beside'; text: string }
  | { kind: 'more'; afterMs: number }
  | { kind: 'reply'; nth: number; deed: 'number' | 'story' | 'voice' }
  | { kind: 'edit' }
  | { kind: 'again' }
  | { kind: 'old_button'; turn: number }
  | { kind: 'input'; input: Input }
  | { kind: 'timer' }
  | { kind: 'silence'; minutes: number }
  | { kind: 'language' }
  | { kind: 'new_flows' }
  | { kind: 'deletes'; nth: number };
type Move = { who: 0 | 1; deed: Deed };

const nth = fc.nat({ max: 11 });
const typed = fc.constantFrom(
  'oui',
  'non',
  'je ne sais pas',
  'passer',
  'retour',
  'aide',
  'help',
  'english',
  'français',
  '1 et 2',
  'hier',
  'Gao',
  'il y a 2 jours',
  'fini',
  'envoyer',
  'lire plus',
  'SOS',
  'au secours',
  'on crie au secours',
  '/start',
  'statut',
  'partir',
  '👍',
  'erreur',
  '42',
  'comprendre',
  'comment saisir la cndh',
  '',
  'مرحبا',
);
const oddInput: fc.Arbitrary<Input> = fc.constantFrom(
  { kind: 'unsupported', what: 'sticker' },
  { kind: 'reaction', emoji: '👍' },
  { kind: 'reaction', emoji: '👎' },
  { kind: 'location', latitude: 12.6, longitude: -8 },
  { kind: 'location', latitude: 12.6, longitude: -8, words: 'Marché, Kati' },
  { kind: 'card', what: 'contact', words: 'SOS Moussa, +223 70 00 00 00' },
  { kind: 'card', what: 'other', words: 'Qui ?' },
  { kind: 'file_refused', limit: 20_000_000 },
  { kind: 'blocked' },
  { kind: 'unblocked' },
  { kind: 'sos' },
);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('choose' as const), nth }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('number' as const), nth }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'story' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'voice' as const }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('command' as const), nth }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('typed' as const), text: typed }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('beside' as const),
      text: fc.constantFrom('la porte', 'SOS', 'on a crié au secours', 'au secours ils tirent', '2'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('more' as const),
      afterMs: fc.constantFrom(100, 1_000, 2_900, 3_000, 4_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('reply' as const),
      nth,
      deed: fc.constantFrom('number' as const, 'story' as const, 'voice' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'edit' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'again' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('old_button' as const), turn: fc.nat({ max: 30 }) }),
  },
  { weight: 2, arbitrary: oddInput.map((input) => ({ kind: 'input' as const, input })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'timer' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('silence' as const),
      minutes: fc.constantFrom(1, 31, 600, 73 * 60),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'language' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'new_flows' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deletes' as const), nth: fc.nat({ max: 60 }) }) },
);

export const walk: fc.Arbitrary<Move[]> = fc.array(
  fc.record({ who: fc.constantFrom(0 as const, 1 as const), deed }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

/** The project's flows, and the same after staff took out questions and options and turned some around. */
const versions: readonly Conversation[] = [conversation, { ...conversation, flows: changedFlows() }];

function changedFlows(): Conversation['flows'] {
  const flows = [...conversation.flows.flows.values()].map((flow) => structuredClone(flow));
  const lists = [...conversation.flows.lists.values()].map((list) => structuredClone(list));
  for (const flow of flows) {
    for (const gone of ['phone_safe', 'course', 'regional_office_out', 'safe_hours', 'evidence'])
      delete flow.steps[gone];
    turnAround(flow);
  }
  const groups = lists.find(({ list }) => list === 'threat_groups');
  if (groups) delete groups.entries.threats;
  return compileFlows(
    flows.map((flow) => ({ name: flow.flow, content: flow })),
    lists.map((list) => ({ name: list.list, content: list })),
    conversation.flows.knowledge,
  );
}

/** `needs` is asked as one choice now, and who is concerned after the account. */
function turnAround(flow: Flow): void {
  const { needs, who, account } = flow.steps;
  if (!needs || !who || !account || needs.ask !== 'choices') return;
  flow.steps.needs = { ...needs, ask: 'choice' } as Flow['steps'][string];
  const entries = Object.entries(flow.steps).filter(([id]) => id !== 'who');
  const at = entries.findIndex(([id]) => id === 'account');
  flow.steps = Object.fromEntries([...entries.slice(0, at + 1), ['who', who], ...entries.slice(at + 1)]);
}

/** One of the two: what they said that must still be somewhere. */
class Walker {
  readonly person = new Person();
  readonly name: string;
  private stories = new Set<string>();
  /** What each message held, by its handle. */
  private readonly messages: Input[] = [];
  private count = 0;
  private last: Input | undefined;
  version = 0;

  constructor(name: string) {
    this.name = name;
  }

  act(deed: Deed): void {
    const { person } = this;
    if (deed.kind === 'new_flows') {
      this.version = 1 - this.version;
      person.deps = versions[this.version] ?? conversation;
      return;
    }
    if (deed.kind === 'silence') {
      person.now = new Date(person.now.getTime() + deed.minutes * 60_000);
      return;
    }
    if (deed.kind === 'reply') {
      this.replies(deed);
      return;
    }
    const input = this.toInput(deed);
    if (input) this.does(input, deed.kind === 'more' ? { afterMs: deed.afterMs } : {});
  }

  /** To one of the questions before, the newest first; to one that is forgotten if there were not so many. */
  private replies({ nth, deed }: Extract<Deed, { kind: 'reply' }>): void {
    const { person } = this;
    const asked = person.state?.asked?.at(-1 - nth);
    person.quoted = asked ? new Date(asked.at) : null;
    const input: Input =
      deed === 'number'
        ? { kind: 'text', text: String(1 + (nth % 4)) }
        : (this.toInput({ kind: deed }) ?? this.story());
    this.does(input, { replied: asked?.path?.split('.')[1] });
  }

  does(input: Input, { afterMs, replied }: { afterMs?: number; replied?: string | undefined } = {}): void {
    const { person } = this;
    const before = structuredClone(person.state);
    const known = JSON.stringify([before, person.cases]);
    person.message = input.kind === 'deleted' ? undefined : String(this.messages.push(input) - 1);
    person.does(input, afterMs);
    this.last = input;
    expectPromises(person, before, input, replied);
    this.forgetWhatWasTakenBack(before);
    this.forgetWhatWasRead(before, input, replied, known);
    this.expectStories();
  }

  private toInput(deed: Exclude<Deed, { kind: 'new_flows' | 'silence' | 'reply' }>): Input | undefined {
    const { person } = this;
    const shown = person.choices;
    switch (deed.kind) {
      case 'choose':
        return shown.length > 0
          ? { kind: 'button', data: `r:${person.state?.turn}:${shown[deed.nth % shown.length]}` }
          : this.story();
      case 'number':
        return { kind: 'text', text: String(1 + (shown.length > 0 ? deed.nth % shown.length : deed.nth)) };
      case 'story':
        return this.story();
      case 'more':
        return this.story();
      case 'beside':
        return { kind: 'file', evidence: this.tag(), media: 'photo', caption: deed.text };
      case 'voice':
        return { kind: 'file', evidence: this.tag(), media: 'voice' };
      case 'command':
        return { kind: 'button', data: `c:${COMMANDS[deed.nth % COMMANDS.length]}` };
      case 'typed':
        return { kind: 'text', text: deed.text };
      case 'edit':
        return { kind: 'text', text: `corrigé ${this.tag()}`, edited: true };
      case 'again':
        return this.last;
      case 'old_button':
        return { kind: 'button', data: `r:${deed.turn}:yes` };
      case 'input':
        return deed.input;
      case 'timer':
        return this.timer();
      case 'deletes':
        return this.deletes(deed.nth);
      case 'language':
        return { kind: 'text', text: person.state?.language === 'fr' ? 'English' : 'Français' };
    }
  }

  /** Takes back one of the last messages: its story may be gone from here on. */
  private deletes(nth: number): Input | undefined {
    const at = this.messages.length - 1 - nth;
    const deleted = this.messages[at];
    if (!deleted) return undefined;
    const said = JSON.stringify(deleted);
    for (const tag of this.stories) if (said.includes(tag)) this.stories.delete(tag);
    return { kind: 'deleted', message: String(at) };
  }

  /** The timer of the database rings, if one is set and its time has come by then. */
  private timer(): Input | undefined {
    const { due } = this.person.state ?? {};
    if (!due) return undefined;
    this.person.now = new Date(Math.max(this.person.now.getTime(), Date.parse(due.at)));
    return { kind: due.what };
  }

  private story(): Input {
    return { kind: 'text', text: `ils sont venus ${this.tag()}` };
  }

  private tag(): string {
    this.count += 1;
    const tag = `${this.name}${this.count}z`;
    this.stories.add(tag);
    return tag;
  }

  /** Erased, refused, forgotten after silence, or replaced by the person at the question they went back to. */
  private forgetWhatWasTakenBack(before: ConversationState | undefined): void {
    const { person } = this;
    if (hasForgotten(person)) this.stories.clear();
    if (!before) return;
    const step = before.at.split('.')[1] ?? '';
    const replaced = JSON.stringify(before.answers[step] ?? '');
    const wasRevisited = before.revisiting === before.at || before.answers[step]?.kind === 'place';
    if (!wasRevisited) return;
    for (const tag of this.stories) if (replaced.includes(tag)) this.stories.delete(tag);
  }

  /** What is typed on a page is kept nowhere, unless it was a cry and they came out with it. */
  private forgetWhatWasRead(
    before: ConversationState | undefined,
    input: Input,
    replied: string | undefined,
    known: string,
  ): void {
    const { person } = this;
    // What replies to a question of the report is said to that.
    if (replied !== undefined && !['home', 'language', 'ways'].includes(replied)) return;
    if (!before || !isPage(person.deps.flows, before.at) || input.kind === 'file') return;
    const typed = JSON.stringify(input);
    const everything = JSON.stringify([person.state, person.cases]);
    for (const tag of this.stories) {
      // Said again, it stands where it was said to a question.
      if (!typed.includes(tag) || known.includes(tag)) continue;
      const isKept = everything.includes(tag);
      if (isKept && isPage(person.deps.flows, person.at)) throw new Error(`${tag} is kept of a page`);
      if (!isKept) this.stories.delete(tag);
    }
  }

  private expectStories(): void {
    const { person } = this;
    const everything = JSON.stringify([person.state, person.cases]);
    for (const tag of this.stories) {
      if (!everything.includes(tag)) throw new Error(`${tag} is lost at ${person.at}`);
    }
  }

  /** Nothing of the other person stands anywhere here. */
  expectNothingOf(other: Walker): void {
    const everything = JSON.stringify([this.person.state, this.person.cases, this.person.effects]);
    if (new RegExp(`${other.name}\\d+z`).test(everything))
      throw new Error('one person sees what another said');
  }

  /** From wherever this is, a report can be sent, and one can leave. */
  expectWayOut(): void {
    const { person } = this;
    const asked = structuredClone(person.state);
    this.does({ kind: 'text', text: 'partir' });
    if (!person.keys.includes('bot.left')) throw new Error(`one cannot leave at ${person.at}`);
    if (asked) person.state = asked;
    for (let i = 0; i < 150; i++) {
      if (person.state?.isSubmitted && person.state.at === 'menu.home') return;
      this.does(shortAnswer(person));
    }
    throw new Error(`a report cannot be sent from ${asked?.at}: stands at ${person.at}`);
  }
}

/** A reporter who patiently answers what is asked. */
function shortAnswer(person: Person): Input {
  const { state } = person;
  if (!state) return { kind: 'text', text: 'bonjour' };
  const id = state.at.split('.')[1] ?? '';
  const pick = (choice: string): Input => ({ kind: 'button', data: `r:${state.turn}:${choice}` });
  const step = person.deps.flows.steps.get(state.at)?.step;
  if (step?.ask === 'review') return pick(state.page === 0 ? '+send' : '+return');
  const wanted = USUAL[id];
  // "Here" is no other way than a phone that is not safe.
  const [first = wanted] = person.choices;
  if (wanted !== undefined) return pick(person.choices.includes(wanted) ? wanted : (first ?? wanted));
  if (!step?.required) return { kind: 'button', data: step?.ask === 'account' ? 'c:done' : 'c:skip' };
  const answer = state.answers[id];
  const isStarted =
    (answer?.kind === 'account' && answer.parts.length > 0) ||
    (answer?.kind === 'choices' && answer.values.length > 0);
  if (isStarted) return { kind: 'button', data: 'c:done' };
  return { kind: 'text', text: person.choices.length > 0 ? '1' : 'quelques mots' };
}

/** Walks: two people, one service. */
export function takeWalk(moves: readonly Move[]): void {
  const people = [new Walker('ami'), new Walker('bra')] as const;
  for (const { who, deed } of moves) {
    people[who].act(deed);
    people[who].expectNothingOf(people[1 - who] as Walker);
  }
  for (const each of people) each.expectWayOut();
}
