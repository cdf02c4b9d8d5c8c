import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  tryAll,
  understandingSchema,
  understandingTable,
} from '../../../src/conversation/transcripts/understanding.ts';
import { conversation } from '../person.ts';
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
