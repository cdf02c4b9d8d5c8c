/** A person who talks to the engine: what they do, what they are told, what lies in their case. */
import { createTriage } from '../../src/cases/triage.ts';
import { renderSay } from '../../src/conversation/asking/render.ts';
import type { Conversation } from '../../src/conversation/asking/turn.ts';
import { step } from '../../src/conversation/steps/step.ts';
import type { Answer } from '../../src/conversation/values/answer.ts';
import type { CaseEntry, Effect, Say } from '../../src/conversation/values/effect.ts';
import type { Input } from '../../src/conversation/values/input.ts';
import { type ConversationState, conversationStateSchema } from '../../src/conversation/values/state.ts';
import { createTexts } from '../../src/conversation/words/texts.ts';
import type { Level } from '../../src/kernel/vocabulary.ts';
import { projectContent } from '../content/content.ts';

const content = projectContent();
export const texts = createTexts(content.texts, {
  languages: ['fr', 'en'],
  defaultLanguage: 'fr',
  missing: 'throw',
});

/** The engine with the project's own questions, rules and texts. */
export const conversation: Conversation = {
  flows: content.flows,
  texts,
  lists: content.flows.lists,
  triage: createTriage(content.triage, content.flows),
  timeZone: 'Africa/Bamako',
};

/** The same once Bambara is on offer, to people who are spoken to in it. */
export const inBambara: Conversation = {
  ...conversation,
  texts: createTexts(content.texts, {
    languages: ['fr', 'en', 'bm'],
    defaultLanguage: 'bm',
    missing: 'throw',
  }),
};

export const phone = { buttons: true, maxTextLength: 4096, maxButtonData: 64 };
export const facts = {
  reference: 'KORO-4827',
  code: '1234 5678 9012 3456',
  time: '14:02',
  from: '8:00',
  to: '9:00',
};

/** A case as `src/app` would have it after the effects. */
export type CaseFile = {
  entries: CaseEntry[];
  level: Level;
  reason: string;
  isSubmitted: boolean;
  isBare: boolean;
};

export class Person {
  state: ConversationState | undefined;
  now: Date;
  deps: Conversation;
  readonly hint: string | undefined;
  /** When the officer last asked something. */
  askedAt: Date | undefined;
  /** When the message of ours was said that what is done next replies to; `null`: nobody knows any more. */
  quoted: Date | null | undefined;
  /** Whether the question has not left yet, if that is known. */
  isUnread: boolean | undefined;
  /** When what is done next was written, if that was not now. */
  writtenAt: Date | undefined;
  /** The messenger's handle on what is done next, if it tells of deletions. */
  message: string | undefined;
  /** Effects of the last step. */
  effects: Effect[] = [];
  cases: CaseFile[] = [];
  forgotten = 0;

  constructor(options: { hint?: string; deps?: Conversation; at?: string } = {}) {
    this.hint = options.hint;
    this.deps = options.deps ?? conversation;
    this.now = new Date(options.at ?? '2026-11-24T10:00:00Z');
  }

  /** Does one thing; the state goes through the database (JSON and schema) in between. */
  does(input: Input, afterMs = 20_000): this {
    this.now = new Date(this.now.getTime() + afterMs);
    const { state, effects } = step(this.deps, this.state, input, this.now, {
      ...(this.hint === undefined ? {} : { language: this.hint }),
      ...(this.askedAt === undefined ? {} : { askedAt: this.askedAt }),
      ...(this.writtenAt === undefined ? {} : { writtenAt: this.writtenAt }),
      ...(this.quoted === undefined ? {} : { quoted: { saidAt: this.quoted ?? undefined } }),
      ...(this.isUnread === undefined ? {} : { isUnread: this.isUnread }),
      ...(this.message === undefined ? {} : { message: this.message }),
    });
    this.effects = effects;
    this.quoted = undefined;
    const known = { ...state };
    for (const effect of effects) this.apply(known, effect);
    this.state = conversationStateSchema.parse(JSON.parse(JSON.stringify(known)));
    return this;
  }

  /** The officer asks something now, and it stands under the last question. */
  isAsked(): this {
    this.askedAt = new Date(this.now.getTime() + 1_000);
    return this;
  }

  writes(text: string, afterMs?: number): this {
    return this.does({ kind: 'text', text }, afterMs);
  }

  /** Replies to the question of this step, as it was said last, or to a message that is forgotten. */
  replies(to: string | null, input: Input | string, afterMs?: number): this {
    const said = this.state?.asked?.findLast(({ path }) => path === to);
    if (to !== null && !said) throw new Error(`${to} was never asked`);
    this.quoted = said ? new Date(said.at) : null;
    return this.does(typeof input === 'string' ? { kind: 'text', text: input } : input, afterMs);
  }

  /** Presses the option with this id under the last question. */
  picks(id: string): this {
    return this.does({ kind: 'button', data: `r:${this.state?.turn ?? 0}:${id}` });
  }

  presses(command: string): this {
    return this.does({ kind: 'button', data: `c:${command}` });
  }

  sends(media: 'voice' | 'photo', evidence = 'file-1', afterMs?: number): this {
    return this.does({ kind: 'file', evidence, media }, afterMs);
  }

  get at(): string {
    return this.state?.at ?? '';
  }

  get says(): Say[] {
    return this.effects.filter((effect) => effect.type === 'say');
  }

  /** Keys of everything said by the last step. */
  get keys(): string[] {
    return this.says.flatMap((say) => say.lines.map((line) => line.key));
  }

  get choices(): string[] {
    return this.says.at(-1)?.choices?.map(({ id }) => id) ?? [];
  }

  get commands(): string[] {
    return this.says.at(-1)?.commands?.map(({ id }) => id) ?? [];
  }

  /** What stands on the screen after the last step. */
  get screen(): string {
    const language = this.state?.language ?? 'fr';
    return this.says
      .flatMap((say) => renderSay(this.deps.texts, language, say, facts, phone).map(({ text }) => text))
      .join('\n---\n');
  }

  did(type: Effect['type']): Effect[] {
    return this.effects.filter((effect) => effect.type === type);
  }

  get case(): CaseFile | undefined {
    return this.cases.at(-1);
  }

  /** Answers to a step that lie in the latest case. */
  inCase(stepId: string): Answer[] {
    return (this.case?.entries ?? []).filter((entry) => entry.step === stepId).map((entry) => entry.answer);
  }

  private apply(state: ConversationState, effect: Effect): void {
    switch (effect.type) {
      case 'open_case':
        this.cases.push({
          entries: [...effect.entries],
          level: effect.triage.level,
          reason: effect.reason,
          isSubmitted: false,
          isBare: false,
        });
        Object.assign(state, { caseId: `case-${this.cases.length}`, reference: `REF-${this.cases.length}` });
        break;
      case 'add_to_case':
        this.case?.entries.push(...effect.entries);
        break;
      case 'raise_level':
        if (this.case) this.case.level = effect.triage.level;
        break;
      case 'submit':
        if (this.case) this.case.isSubmitted = true;
        break;
      case 'keep_bare_alert':
        if (this.case) Object.assign(this.case, { entries: [], isBare: true });
        break;
      case 'forget_draft':
        this.forgotten += 1;
        break;
    }
  }
}

/** A reporter who has come as far as the consent question, in no danger. */
export function calmPerson(): Person {
  return new Person().writes('bonjour').picks('none').picks('report');
}

/**
 * Answers whatever is asked in the shortest way until a step is reached. Goes on after the read-back for a step that comes
 * there, or for what is picked there.
 */
export function walkTo(person: Person, path: string, picks: Readonly<Record<string, string>> = {}): Person {
  const goesOn = [path, ...Object.keys(picks).map((id) => `report.${id}`)].some(isFurther);
  const isThere = () => person.at === path && !(goesOn && person.choices.includes(GO_ON));
  for (let i = 0; i < 120 && !isThere(); i++) answerShortly(person, picks);
  if (person.at !== path) throw new Error(`never reached ${path}, stands at ${person.at}`);
  return person;
}

export const USUAL: Readonly<Record<string, string>> = {
  language: 'fr',
  danger: 'none',
  ways: 'report',
  consent: 'yes',
  who: 'self',
  contact_how: 'here_any_time',
  home: 'report',
  go_on: 'continue',
};

const GO_ON = '+go_on';

/** Whether only those are asked who want to go on after the read-back. */
function isFurther(path: string): boolean {
  const order = [...conversation.flows.steps.keys()].filter((each) => each.startsWith('report.'));
  return order.indexOf(path) > order.indexOf('report.review');
}

function answerShortly(person: Person, picks: Readonly<Record<string, string>>): void {
  const id = person.at.split('.')[1] ?? '';
  const wanted = picks[id] ?? USUAL[id];
  const ask = person.deps.flows.steps.get(person.at)?.step;
  if (wanted !== undefined) person.picks(wanted);
  else if (ask?.ask === 'review') person.picks(person.choices.includes(GO_ON) ? GO_ON : '+send');
  else if (ask?.ask === 'account' && ask.required) person.writes('On me suit depuis lundi.').presses('done');
  else if (ask?.required && ask.ask === 'text') person.writes('quelques mots');
  else if (ask?.required && ask.ask === 'choices') person.writes('1').presses('done');
  else if (ask?.required) person.picks(person.choices[0] ?? '');
  else if (ask?.ask === 'place') person.presses('done');
  else person.presses('skip');
  if (ask?.ask === 'choices' && wanted !== undefined) person.presses('done');
}
