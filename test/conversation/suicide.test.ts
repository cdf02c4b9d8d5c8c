/** Who speaks of ending their own life is heard: people are called, and SOS is offered. */
import { describe, expect, it } from 'vitest';
import { tellsGraveDanger } from '../../src/conversation/words/grave.ts';
import { hasDangerSign } from '../../src/conversation/words/heard.ts';
import { Person, texts } from './person.ts';

describe('who speaks of ending their own life', () => {
  it.each([
    'je vais me suicider',
    'je veux mettre fin à mes jours',
    "je veux mourir je n'ai plus la force",
    'je veux en finir avec ma vie',
    'je vais me tuer ce soir',
    "n b'a fɛ ka n yɛrɛ faga",
    'i want to kill myself',
    'i will end my life',
  ])('("%s") is heard, and offered SOS at once', (words) => {
    expect(tellsGraveDanger(texts, words)).toBe(true);
    expect(hasDangerSign(texts, words)).toBe(true);
    expect(new Person().writes(words).keys).toContain('bot.sos_offer');
  });
});
