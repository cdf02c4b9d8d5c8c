import { describe, expect, it } from 'vitest';
import { wordsOfCard } from '../../src/channels/vcard.ts';

describe('a contact card', () => {
  it('is read as name, number and whatever else it says, each once', () => {
    const vcard = [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'N:Traoré;Moussa;;;',
      'FN:Moussa Traoré',
      'ORG:Association des femmes\\, Kayes;',
      'item1.TEL;waid=22370000000:+223 70 00 00 00',
      'TEL;TYPE=HOME:20 20 00 00',
      'ADR;TYPE=HOME:;;Rue 12;Kayes;;;Mali',
      'NOTE:appeler le soir\\nou le matin',
      'PHOTO;ENCODING=b:QUJD',
      'END:VCARD',
    ].join('\r\n');
    expect(wordsOfCard(['Moussa Traoré', '+22370000000'], vcard)).toBe(
      'Moussa Traoré, +22370000000, Association des femmes, Kayes, 20 20 00 00, Rue 12 Kayes Mali, appeler le soir ou le matin',
    );
  });

  it('without anything readable is no words', () => {
    expect(wordsOfCard([undefined, null, ' '])).toBe('');
    expect(wordsOfCard([], 'no card at all')).toBe('');
  });

  it('goes on in the next line after a space', () => {
    expect(wordsOfCard([], 'FN:Mou\r\n ssa')).toBe('Moussa');
  });

  it('of any length and shape costs linear work', () => {
    const started = performance.now();
    wordsOfCard([], `FN:${'\\n;,'.repeat(200_000)}`);
    wordsOfCard([], ':;.'.repeat(300_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
