/**
 * An invented person talks to the service: their inputs go through the same `step` as everybody's, and what is said is
 * made of the same texts. What only `src/app` knows (reference, receipt code, times) is made up.
 */
import { LakanaError } from '../../kernel/errors.ts';
import { days, hours, minutes, seconds } from '../../kernel/time.ts';
import { demandsAlert, type Level } from '../../kernel/vocabulary.ts';
import { renderSay } from '../asking/render.ts';
import type { Conversation } from '../asking/turn.ts';
import { step } from '../steps/step.ts';
import type { Effect, Say } from '../values/effect.ts';
import type { Input } from '../values/input.ts';
import type { ConversationState } from '../values/state.ts';
import type { Doing, InventedPerson } from './person.ts';

/** One entry of the page. */
export type Entry =
  | { is: 'person'; text: string }
  | { is: 'file'; what: 'voice' | 'photo'; text: string }
  | { is: 'service'; text: string; buttons: string[] }
  | { is: 'note'; text: string }
  /** The people on duty are called, or a case is there that nobody is called for. */
  | { is: 'level'; level: Level; isCalled: boolean }
  | { is: 'sent' };

export type Talk = { entries: Entry[]; screens: number; level?: Level; unused: string[] };

const UNITS: Readonly<Record<string, (n: number) => number>> = { minutes, hours, days };
const PAUSE = seconds(20);
/** More than anybody is asked. */
const MOST = 200;
const HOME = 'menu.home';

/** The whole conversation. Throws `conversation_stuck` at a question that must be answered and to which this person has no answer. */
export function talk(deps: Conversation, person: InventedPerson): Talk {
  const talker = new Talker(deps, person);
  for (const each of person.first) talker.does(each);
  talker.answers();
  for (const each of person.afterwards) {
    talker.does(each);
    talker.answers();
  }
  return talker.talk();
}

class Talker {
  private state: ConversationState | undefined;
  private now: number;
  private readonly entries: Entry[] = [];
  /** Said, and replaced by what is said before it left. */
  private held: { say: Say; due: number }[] = [];
  /** The last that asked something. */
  private question: Say | undefined;
  private readonly left: Map<string, Doing[]>;
  private readonly deps: Conversation;
  private readonly person: InventedPerson;
  private hasEnded = false;
  private screens = 0;
  private level: Level | undefined;
  private files = 0;
  private hasCode = false;
  private openedAt = 0;

  constructor(deps: Conversation, person: InventedPerson) {
    this.deps = deps;
    this.person = person;
    this.now = Date.parse(person.begins);
    this.left = new Map(Object.entries(person.answers).map(([id, given]) => [id, [given].flat()]));
  }

  /** Answers what is asked until there is nothing to answer, or the person has left. */
  answers(): void {
    for (let n = 0; n < MOST && !this.hasEnded; n++) {
      const placed = this.state && this.deps.flows.steps.get(this.state.at);
      if (!placed) return;
      const next = this.left.get(placed.id)?.shift();
      if (next === undefined && placed.path === HOME) return;
      this.does(next ?? this.otherwise(placed.path));
    }
  }

  talk(): Talk {
    this.leaves(Number.POSITIVE_INFINITY);
    const unused = [...this.left].filter(([, left]) => left.length > 0).map(([id]) => id);
    return {
      entries: this.entries,
      screens: this.screens,
      ...(this.level ? { level: this.level } : {}),
      unused,
    };
  }

  /** What is done at a question that the person has nothing (more) to say to. */
  private otherwise(path: string): Doing {
    const placed = this.deps.flows.steps.get(path);
    const answer = placed && this.state?.answers[placed.id];
    const hasAnswered = answer?.kind === 'account' || answer?.kind === 'choices';
    if (hasAnswered) return { command: 'done' };
    if (placed && !placed.step.required) return { command: 'skip' };
    throw new LakanaError(
      'conversation_stuck',
      `docs/conversations/people.yaml: ${this.person.file} has no answer to ${path}`,
    );
  }

  does(what: Doing): void {
    if (typeof what === 'string') this.writes(what);
    else if ('says' in what) {
      this.writes(what.says, what.status);
      this.hasEnded = what.ends === true;
    } else if ('pick' in what) this.picks([what.pick]);
    else if ('picks' in what) {
      this.picks(what.picks);
      if (this.state?.picking) this.does({ command: 'done' });
    } else if ('command' in what) this.presses(what.command);
    else if ('waits' in what) this.waits(what.waits, what.note);
    else if ('service' in what) {
      this.entries.push({ is: 'note', text: what.note });
      const params = { at: clock(this.now) };
      this.says({ type: 'say', turn: 0, lines: [{ key: what.service, params }] });
    } else this.sends(what);
  }

  private writes(text: string, status?: readonly string[]): void {
    this.shows({ is: 'person', text });
    this.takes({ kind: 'text', text }, status);
  }

  private sends(what: { voice: string } | { photo: string }): void {
    const media = 'voice' in what ? 'voice' : 'photo';
    this.files += 1;
    this.shows({ is: 'file', what: media, text: 'voice' in what ? what.voice : what.photo });
    this.takes({ kind: 'file', evidence: `file-${this.files}`, media });
  }

  /** By button; where there are none, by the numbers that stand in the text. */
  private picks(codes: readonly string[]): void {
    const choices = this.question?.choices ?? [];
    const found = codes.map((code) => {
      const index = choices.findIndex(({ id }) => id === code || id === `+${code}`);
      const choice = choices[index];
      if (!choice)
        throw new LakanaError(
          'conversation_stuck',
          `docs/conversations/people.yaml: ${this.person.file} chooses ${code} at ${this.state?.at}, which offers ${choices.map(({ id }) => id).join(', ')}`,
        );
      return { choice, number: index + 1 };
    });
    if (!this.person.hasButtons) {
      this.writes(found.map(({ number }) => number).join(' et '));
      return;
    }
    for (const { choice } of found) {
      this.shows({ is: 'person', text: `[${choice.label}]` });
      this.takes({ kind: 'button', data: `r:${this.state?.turn ?? 0}:${choice.id}` });
    }
  }

  private presses(command: string): void {
    const label = this.deps.texts.t(this.spoken(), `commands.${command}.label`);
    if (!this.person.hasButtons) this.writes(label);
    else {
      this.shows({ is: 'person', text: `[${label}]` });
      this.takes({ kind: 'button', data: `c:${command}` });
    }
  }

  /** Timers that run out meanwhile do what they do. */
  private waits(howLong: string, note: string): void {
    const [count, unit = ''] = howLong.split(' ');
    const until = this.now + (UNITS[unit]?.(Number(count)) ?? 0);
    this.leaves(until);
    this.entries.push({ is: 'note', text: note });
    for (let due = this.state?.due; due && Date.parse(due.at) <= until; due = this.state?.due) {
      this.now = Date.parse(due.at);
      this.steps({ kind: due.what });
    }
    this.now = until;
  }

  private shows(entry: Entry): void {
    this.now += PAUSE;
    this.leaves(this.now);
    this.entries.push(entry);
  }

  private takes(input: Input, status?: readonly string[]): void {
    this.screens += 1;
    this.steps(input, status);
  }

  private steps(input: Input, status?: readonly string[]): void {
    const { state, effects } = step(this.deps, this.state, input, new Date(this.now));
    this.state = state;
    for (const effect of effects) this.comes(effect, status);
  }

  private comes(effect: Effect, status: readonly string[] | undefined): void {
    switch (effect.type) {
      case 'say':
        this.says(effect);
        return;
      case 'say_status': {
        const lines = (status ?? []).map((key) => ({ key: `status.${key}`, params: this.standing(key) }));
        this.says({ type: 'say', turn: 0, lines });
        return;
      }
      case 'give_code':
        this.givesCode(effect);
        return;
      case 'open_case':
        Object.assign(this.state ?? {}, { caseId: this.person.file, reference: this.person.reference });
        this.openedAt = this.now;
        this.reaches(effect.triage.level);
        return;
      case 'raise_level':
        this.reaches(effect.triage.level);
        return;
      case 'submit':
        this.entries.push({ is: 'sent' });
        return;
      default:
    }
  }

  /** As `src/app/reporters/rights.ts` does, where no officer has said yes to another one. */
  private givesCode({ why, isVeiled, isUnsafe }: Extract<Effect, { type: 'give_code' }>): void {
    const isFirst = !this.hasCode && (!isVeiled || this.now - this.openedAt < minutes(30));
    if (!isFirst && why === 'sos') return;
    if (isFirst && isUnsafe && why !== 'asked') {
      this.says({ type: 'say', turn: 0, lines: [{ key: 'bot.code_not_shown' }] });
      return;
    }
    const ofSent = this.hasCode ? 'bot.code_same' : 'bot.code_on_request';
    const other = why === 'sent' ? ofSent : 'bot.code_requested';
    this.hasCode ||= isFirst;
    this.says({ type: 'say', turn: 0, lines: [{ key: isFirst ? 'bot.code' : other }] });
  }

  private reaches(level: Level): void {
    if (level === this.level) return;
    this.level = level;
    this.entries.push({ is: 'level', level, isCalled: demandsAlert(level) });
  }

  private says(say: Say): void {
    if (say.coalesce) this.held = this.held.filter(({ say: { coalesce } }) => coalesce !== say.coalesce);
    this.held.push({ say, due: this.now + (say.delay ?? 0) });
    if (say.choices || say.lines.some(({ key }) => key.endsWith('.ask'))) this.question = say;
  }

  /** What is due by then stands on the page. */
  private leaves(by: number): void {
    for (const { say } of this.held.filter(({ due }) => due <= by)) this.prints(say);
    this.held = this.held.filter(({ due }) => due > by);
  }

  private prints(say: Say): void {
    const room = { buttons: this.person.hasButtons, maxTextLength: 4_096, maxButtonData: 64 };
    for (const { text, rows } of renderSay(this.deps.texts, this.spoken(), say, this.facts(), room)) {
      const buttons = (rows ?? []).flat().filter(({ data }) => data.startsWith('c:'));
      this.entries.push({ is: 'service', text, buttons: buttons.map(({ label }) => label) });
    }
  }

  /** The language in which the person is spoken to. */
  private spoken(): string {
    return this.state?.language ?? this.deps.texts.defaultLanguage;
  }

  private facts(): Record<string, string> {
    const { messenger, reference } = this.person;
    const delete_chat = `${messenger}.delete_chat`;
    return {
      reference,
      code: '0000 1111 2222 3333',
      time: clock(this.now),
      from: '20:00',
      to: '21:00',
      how_to_delete: this.deps.texts.says(this.spoken(), delete_chat)
        ? this.deps.texts.t(this.spoken(), delete_chat)
        : '',
    };
  }

  /** What is filled in where it is said how the case stands: an officer takes it five minutes after it was opened. */
  private standing(key: string): Record<string, string | number> {
    const at = clock(key === 'taken' ? this.openedAt + minutes(5) : this.openedAt);
    return { at, reference: this.person.reference, officers: 2 };
  }
}

/** In Mali. */
const clock = (at: number): string => new Date(at).toISOString().slice(11, 16);
