import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderSay } from '../../src/conversation/asking/render.ts';
import type { Say } from '../../src/conversation/values/effect.ts';
import { createTexts } from '../../src/conversation/words/texts.ts';
import { texts } from './person.ts';

const say = (extra: Partial<Say>): Say => ({ type: 'say', lines: [{ key: 'bot.help' }], turn: 3, ...extra });
const wide = { buttons: true, maxTextLength: 4096, maxButtonData: 64 };

describe('what stands on the phone', () => {
  it('has its options numbered in the text and on the buttons', () => {
    const [message] = renderSay(
      texts,
      'fr',
      say({
        choices: [
          { id: 'now', label: 'Oui' },
          { id: 'none', label: 'Non' },
        ],
        commands: [{ id: 'sos', label: 'SOS' }],
      }),
      {},
      wide,
    );
    expect(message?.text).toMatch(/\n\n1\. Oui\n2\. Non$/);
    expect(message?.rows).toEqual([
      [
        { label: '1. Oui', data: 'r:3:now' },
        { label: '2. Non', data: 'r:3:none' },
      ],
      [{ label: 'SOS', data: 'c:sos' }],
    ]);
  });

  it('tells what the numbers stand for where there are no buttons, without the codes of answers', () => {
    const choices = ['now', 'none', 'sos'].map((id) => ({ id, label: id }));
    const [message] = renderSay(texts, 'fr', say({ choices }), {}, { ...wide, buttons: false });
    expect(message?.numbers).toEqual(['r:3:now', 'r:3:#2', 'r:3:sos']);
  });

  it('says in words what the buttons would, where there are none', () => {
    const [message] = renderSay(
      texts,
      'fr',
      say({ commands: [{ id: 'back', label: 'Retour' }] }),
      {},
      {
        ...wide,
        buttons: false,
      },
    );
    expect(message?.rows).toBeUndefined();
    expect(message?.text).toContain('Retour');
  });

  it('never exceeds the channel, and no word is lost on the way', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 60 }),
        fc.integer({ min: 40, max: 400 }),
        (words, maxTextLength) => {
          const answer = words.join(' ');
          const lines = [{ key: 'bot.review_line', params: { question: 'Q', answer } }];
          const messages = renderSay(texts, 'fr', say({ lines }), {}, { ...wide, maxTextLength });
          for (const { text } of messages) expect(text.length).toBeLessThanOrEqual(maxTextLength);
          const squeeze = (text: string) => text.replace(/\s+/g, '');
          expect(squeeze(messages.map(({ text }) => text).join(''))).toBe(squeeze(`Q – ${answer}`));
        },
      ),
    );
  });

  it('shows what a person wrote as they wrote it, and never reads it as one of our texts', () => {
    const wrote = '{{code}} $t(bot.help) <b>&amp;</b>';
    const lines = [{ key: 'bot.review_line', params: { question: 'Q', answer: wrote } }];
    expect(renderSay(texts, 'fr', say({ lines }), { code: '1234' }, wide)[0]?.text).toBe(`Q – ${wrote}`);
  });
});

describe('a text that is missing', () => {
  const files = { fr: { bot: { help: 'Aide', left: 'Au revoir {{time}}' } }, en: { bot: { help: 'Help' } } };

  it('comes from the default language, and never shows its key', () => {
    const known = createTexts(files, { defaultLanguage: 'fr' });
    expect(known.t('en', 'bot.left', { time: '9:00' })).toBe('Au revoir 9:00');
    expect(known.t('en', 'bot.nowhere')).toBe('');
    expect(known.has('en', 'bot.left')).toBe(false);
  });

  it('stops a test', () => {
    const known = createTexts(files, { defaultLanguage: 'fr', missing: 'throw' });
    expect(() => known.t('en', 'bot.nowhere')).toThrow('bot.nowhere');
  });
});
