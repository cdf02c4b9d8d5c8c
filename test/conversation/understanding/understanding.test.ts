import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  tryAll,
  understandingSchema,
  understandingTable,
  understandingTries,
} from '../../../src/conversation/transcripts/understanding.ts';
import { tellsGraveDanger } from '../../../src/conversation/words/grave.ts';
import { hasDangerSign } from '../../../src/conversation/words/heard.ts';
import { conversation, inBambara } from '../person.ts';
import { NOW } from '../standing.ts';

const said = understandingSchema.parse(parse(readFileSync('flows/understanding/messages.yaml', 'utf8')));
const tried = tryAll(conversation, said, new Date(NOW));
const count = (fate: string) => tried.filter((each) => each.fate === fate).length;

describe('people in Bamako, Mopti, Gao and Kayes', () => {
  it('wrote a hundred and fifty messages, no two alike at one question', () => {
    expect(tried.length).toBeGreaterThanOrEqual(150);
    expect(new Set(tried.map(({ at, says }) => `${at}: ${says}`)).size).toBe(tried.length);
  });

  it('lose no word, and are understood nine times in ten when they first say it', () => {
    // biome-ignore lint/suspicious/noConsole: who mends the words wants to see what was not understood
    console.info(understandingTable(tried));
    expect(tried.filter(({ fate }) => fate === 'lost')).toEqual([]);
    expect(count('understood')).toBeGreaterThanOrEqual(0.9 * tried.length);
  });

  it('would be seen to be lost: words that a command swallows, and a question that is gone', () => {
    const swallowed = { openings: [], answers: [{ at: 'where', says: 'partir', means: 'words' }] };
    expect(tryAll(conversation, swallowed, new Date(NOW))[0]?.fate).toBe('lost');
    const gone = { openings: [], answers: [{ at: 'nowhere', says: 'oui', means: 'yes' }] };
    expect(() => tryAll(conversation, gone, new Date(NOW))).toThrow('no question is called "nowhere"');
  });
});

describe('what people write in no danger', () => {
  const read = (file: string) =>
    understandingSchema.parse(parse(readFileSync(`flows/understanding/${file}`, 'utf8')));
  const all = [...read('messages.yaml').openings, ...read('bm.yaml').openings];
  const isDanger = ({ means }: { means: string }) => means === 'danger' || means === 'sos';
  const calm = [...all.filter((each) => !isDanger(each)), ...said.answers, ...read('bm.yaml').answers];

  it.each([
    ['as the signed languages are on offer', conversation.texts],
    ['and with the drafts', inBambara.texts],
  ])('wakes no one and looks like danger as rarely as when it was measured, %s', (_, on) => {
    // A person is gone for days, masked people came yesterday, an office was set on fire: not of this minute, and urgent.
    const waking = calm.filter(({ says }) => tellsGraveDanger(on, says)).map(({ says }) => says);
    expect(waking.filter((says) => !/disparu|balima mine|cagoules|mis le feu/.test(says))).toEqual([]);
    expect(waking.length).toBeLessThanOrEqual(4);
    expect(calm.filter(({ says }) => hasDangerSign(on, says)).length).toBeLessThanOrEqual(1);
    expect(calm.length).toBeGreaterThan(180);
  });

  it('but what tells of danger is a sign of it, and most of it calls people by itself', () => {
    const danger = all.filter(({ means }) => means === 'danger');
    expect(danger.filter(({ says }) => !hasDangerSign(inBambara.texts, says))).toEqual([]);
    const waking = danger.filter(({ says }) => tellsGraveDanger(inBambara.texts, says));
    expect(waking.length).toBeGreaterThanOrEqual(0.8 * danger.length);
  });
});

describe('people who write Bambara, with its letters and without, once it is on offer', () => {
  const read = (file: string) =>
    understandingSchema.parse(parse(readFileSync(`flows/understanding/${file}`, 'utf8')));
  const own = tryAll(inBambara, read('bm.yaml'), new Date(NOW));

  it('wrote sixty messages, no two alike at one question', () => {
    expect(own.length).toBeGreaterThanOrEqual(60);
    expect(new Set(own.map(({ at, says }) => `${at}: ${says}`)).size).toBe(own.length);
  });

  it('lose no word, and are understood nine times in ten when they first say it; so are all the others then', () => {
    // biome-ignore lint/suspicious/noConsole: who mends the words wants to see what was not understood
    console.info(understandingTable(own));
    const texts = { ...inBambara.texts, defaultLanguage: 'fr' };
    const others = tryAll({ ...inBambara, texts }, said, new Date(NOW));
    for (const all of [own, others]) {
      expect(all.filter(({ fate }) => fate === 'lost')).toEqual([]);
      expect(all.filter(({ fate }) => fate === 'understood').length).toBeGreaterThanOrEqual(0.9 * all.length);
    }
  });

  it('are tried by the check as soon as there is a file of theirs, the others with and without the draft', () => {
    const tries = understandingTries(['en', 'fr'], ['bm', 'en', 'fr'], ['messages.yaml', 'bm.yaml']);
    expect(tries).toEqual([
      { file: 'messages.yaml', languages: ['en', 'fr'], defaultLanguage: 'fr' },
      { file: 'messages.yaml', languages: ['bm', 'en', 'fr'], defaultLanguage: 'fr' },
      { file: 'bm.yaml', languages: ['bm', 'en', 'fr'], defaultLanguage: 'bm' },
    ]);
  });
});
