import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newReference, parseReference, REFERENCE_COUNT } from '../../src/cases/reference.ts';

describe('a case reference', () => {
  it('is two open syllables and four digits, easy to say in French and Bambara', () => {
    for (let i = 0; i < 2_000; i++) expect(newReference()).toMatch(/^(?:[BDFKLMNPRSTY][AIO]){2}-\d{4}$/);
  });

  it('is one of more than ten million', () => {
    expect(REFERENCE_COUNT).toBeGreaterThan(10_000_000);
  });

  it('is never a word that hurts or names a place', () => {
    const words = new Set<string>();
    let next = 0;
    for (let i = 0; i < 1_296; i++)
      words.add(newReference((below) => (below > 10_000 ? 0 : next++ % below)).slice(0, 4));
    for (const word of ['SIDA', 'FORO', 'BODA', 'KAKA', 'KATI', 'KORO', 'MORI'])
      expect(words).not.toContain(word);
  });

  it('is understood as people write and hear it', () => {
    for (const text of [
      'TAKO-4827',
      'tako 4827',
      'Tako4827',
      ' tako–4827. ',
      'TAK0-4827',
      'tako - 48 27',
      'táko 4827',
    ]) {
      expect(parseReference(text)).toBe('TAKO-4827');
    }
    expect(parseReference('tako-48l7')).toBe('TAKO-4817');
  });

  it('is not seen where there is none', () => {
    for (const text of [
      '',
      'bonjour',
      '12345678',
      'KEBE-1234',
      'tako',
      'tako-482',
      'tako-48277',
      'sida 1234',
      '🙂',
    ]) {
      expect(parseReference(text)).toBeUndefined();
    }
  });

  it('survives being said and written, and random text never breaks it', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const reference = newReference((below) => (numbers.next().value as number) % below);
        expect(parseReference(reference)).toBe(reference);
        expect(parseReference(reference.toLowerCase().replace('-', ' '))).toBe(reference);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void parseReference(text)));
  });
});
