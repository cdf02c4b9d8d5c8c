/** What a reporter deletes on their phone, on a messenger that tells of it. */
import { describe, expect, it } from 'vitest';
import type { Input } from '../../src/conversation/values/input.ts';
import { conversationStateSchema } from '../../src/conversation/values/state.ts';
import { Person, walkTo } from './person.ts';

/** A person whose messages have a handle each: `1`, `2`, … */
class Telling extends Person {
  sent = 0;
  /** The message by which consent was given. */
  consentAt = 0;
  override does(input: Input, afterMs?: number): this {
    this.message = String(++this.sent);
    if (this.at === 'report.consent') this.consentAt = this.sent;
    return super.does(input, afterMs);
  }
  deletes(message: number): this {
    this.message = undefined;
    return super.does({ kind: 'deleted', message: String(message) });
  }
}

const atAccount = () => walkTo(new Telling().writes('bonjour'), 'report.account') as Telling;

const said = (person: Person) => JSON.stringify(person.state);

describe('a message that a person deletes', () => {
  it('goes here too: words of the account, and the file that is no part of it any more', () => {
    const person = atAccount().writes('ils sont venus à la nuit');
    const words = person.sent;
    person.does({ kind: 'file', evidence: 'e-1', media: 'voice' });
    const voice = person.sent;
    person.deletes(words);
    expect(said(person)).not.toContain('la nuit');
    expect(said(person)).toContain('e-1');
    expect(person.keys).toEqual(['bot.deleted']);
    person.deletes(voice);
    expect(said(person)).not.toContain('e-1');
    expect(person.effects).toContainEqual({ type: 'forget_evidence', evidence: 'e-1' });
    // The question is still there to be answered.
    expect(person.at).toBe('report.account');
    expect(person.state?.answers.account).toBeUndefined();
  });

  it('and that came before its question was asked leaves that question to be asked', () => {
    const person = new Telling().writes('bonjour') as Telling;
    person.does({ kind: 'file', evidence: 'e-1', media: 'voice' });
    person.deletes(person.sent);
    expect(person.state?.answers.account).toBeUndefined();
    expect(walkTo(person, 'report.account').at).toBe('report.account');
  });

  it('that was handled long ago is found all the same, and its question is not asked again', () => {
    const person = atAccount().writes('ils sont venus à la nuit');
    const words = person.sent;
    person.presses('done');
    const { at } = person;
    person.deletes(words);
    expect(said(person)).not.toContain('la nuit');
    expect(person.state?.answers.account).toEqual({ kind: 'skipped' });
    expect(person.at).toBe(at);
  });

  it('that chose an option is an answer no more, as if the question had been skipped', () => {
    const person = walkTo(atAccount().writes('on me suit').presses('done'), 'report.happened') as Telling;
    person.picks(person.choices[0] ?? '');
    const choice = person.sent;
    const { at } = person;
    expect(person.state?.answers.happened).toMatchObject({ kind: 'date' });
    person.deletes(choice);
    expect(person.state?.answers.happened).toEqual({ kind: 'skipped' });
    expect(person.keys).toEqual(['bot.deleted']);
    expect(person.at).toBe(at);
  });

  it('that answered what must be answered had no words: the choice stays, and what erases it is told', () => {
    const person = atAccount();
    const consent = person.consentAt;
    const before = person.state?.answers;
    person.deletes(consent);
    expect(person.keys).toEqual(['bot.deleted_choice']);
    expect(person.state?.answers).toEqual(before);
  });

  it('does not make an account that grows go into the case twice', () => {
    const person = new Telling().writes('SOS');
    for (const word of ['un', 'deux', 'trois', 'quatre']) person.writes(`mot ${word}`);
    const accounts = person.case?.entries.filter(({ answer }) => answer.kind !== 'not_said');
    const words = [...JSON.stringify(accounts).matchAll(/mot (\w+)/g)].map(([, word]) => word);
    expect(words).toEqual(['un', 'deux', 'trois', 'quatre']);
  });

  it('stays in a case, and how to ask for its erasure is told', () => {
    const person = new Telling().writes('SOS').writes('Kati, derrière le marché') as Telling;
    const place = person.sent;
    expect(JSON.stringify(person.cases)).toContain('Kati');
    // Nothing in the case says which message it was.
    expect(JSON.stringify(person.cases)).not.toContain('"from"');
    person.deletes(place);
    expect(person.keys).toEqual(['bot.deleted_in_case']);
    expect(person.cases).toHaveLength(1);
  });

  it('does not wake the conversation: no question comes, and no time passes', () => {
    const person = atAccount();
    const { lastAt, turn, at } = conversationStateSchema.parse(person.state);
    person.deletes(99);
    expect(person.state).toMatchObject({ lastAt, turn, at });
  });
});
