import { describe, expect, it } from 'vitest';
import { fold, peopleCalled, searchable, soughtIn } from '../../src/kernel/fold.ts';

const finds = (sought: string, written: string): boolean => soughtIn(sought)(searchable(written));
/** Whichever of the two was written, who types the other one finds it. */
const bothWays = (one: string, other: string): void => {
  expect(finds(one, other), `${one} in ${other}`).toBe(true);
  expect(finds(other, one), `${other} in ${one}`).toBe(true);
};

describe('an officer who looks for words', () => {
  it('finds them with or without accents, in one sign or in two', () => {
    bothWays('Ségou', 'segou');
    bothWays('Se\u0301gou', 'S\u00e9gou');
    bothWays('GARÇON', 'garcon');
  });

  it('finds them with or without ligatures and other letters that some keyboards lack', () => {
    bothWays('sœur', 'soeur');
    bothWays('Cœur', 'CŒUR');
    bothWays('ex æquo', 'ex aequo');
    bothWays('ﬁnance', 'finance');
  });

  it('finds them whichever apostrophe, dash, quote or space stands there, or none', () => {
    for (const written of ['l’école', "l'école", 'lʼécole', 'l´ecole', 'l`école', 'lecole'])
      bothWays(written, "l'ecole");
    bothWays("aujourd'hui", 'Aujourd hui');
    bothWays('l’homme', "l' homme");
    bothWays('l’homme', 'l homme');
    bothWays("'pont'", 'pont');
    bothWays('(le) pont', 'le (pont)');
    bothWays('porte‑parole', 'porte-parole');
    expect(finds('porte-parole', 'le porte parole')).toBe(true);
    bothWays('près\u00a0du\u202fpont', 'pres  du pont');
    expect(finds('  pont   ségou ', 'Ségou, près du pont')).toBe(true);
    bothWays('so\u00adldats', 'sol\u200bdats');
  });

  it('finds Bambara whether or not a phone has its letters', () => {
    bothWays('dɛmɛ', 'deme');
    bothWays('dɔnɔ', 'dono');
    bothWays('Ɲinɛ', 'nyine');
    bothWays('ɲinɛ', 'gnine');
    bothWays('ɲinɛ', 'nine');
    bothWays('ŋɔmi', 'ngomi');
    bothWays('ŋɔmi', 'nomi');
    bothWays('Ɓoɗe', 'bode');
    bothWays('kɔ̀rɔ́', 'koro');
    bothWays('Ǹɲǎgala', 'nyagala');
    bothWays('Ǹɲǎgala', 'nnyagala');
  });

  it('finds a number however it is grouped, by either of them, and in the digits of any script', () => {
    const grouped = ['70 12 34 56', '70.12.34.56', '70-12-34-56', '70/12/34/56', '70\u00a012\u202f34 56'];
    for (const written of [...grouped, '70 123 456', '(70) 12 34 56', '٧٠١٢٣٤٥٦', '+223 70 12 34 56']) {
      expect(finds('70123456', `Appelez le ${written}, vite`), written).toBe(true);
      expect(finds('70 12 34 56', `Appelez le ${written}, vite`), written).toBe(true);
    }
    for (const sought of grouped) expect(finds(sought, 'tel 70123456'), sought).toBe(true);
    bothWays('(70) 12', '70 12');
  });

  it('finds a number with the country before it, or none, whatever stands around it', () => {
    const whole = [
      '+22370123456',
      '+223 70 12 34 56',
      '(+223) 70 12 34 56',
      '(+223)70123456',
      '00223 70-12-34-56',
    ];
    for (const sought of whole)
      for (const written of [...whole, '70123456', '70 12 34 56'])
        expect(finds(`moussa ${sought}`, `Moussa, tel ${written}`), `${sought} in ${written}`).toBe(true);
    expect(finds('+22370123457', '+223 70 12 34 56')).toBe(false);
    expect(finds('+22470123456', '70 12 34 56')).toBe(false);
  });

  it('finds the plate of a car with or without spaces', () => {
    for (const written of ['AK 1234 MD', 'AK-1234-MD', 'AK1234 MD', 'AK 12 34 MD'])
      bothWays('AK1234MD', written);
    expect(finds('ak1234md', 'AK.1234.MD')).toBe(true);
    expect(finds('AK1234MD', 'une moto AK 1234 MD, noire')).toBe(true);
    expect(finds('AK1234MD', 'de Bamako, 1234 md')).toBe(false);
    expect(finds('AK1234MD', 'AK 1235 MD')).toBe(false);
  });

  it('does not find what is another word or another number', () => {
    expect(finds('pont', 'le port')).toBe(false);
    expect(finds('70123457', '70 12 34 56')).toBe(false);
    // A sentence between two numbers is no grouping.
    expect(finds('7012', 'à 70 mètres, 12 hommes')).toBe(false);
    expect(finds('montag', 'la montagne')).toBe(true);
    expect(finds('bengali', 'un Bengali')).toBe(true);
  });
});

describe('a name', () => {
  const people = ['Seïdou Cissé', 'N’Diaye Ba', 'Awa Traoré', 'Awa Ɲaré', 'Aïssa', 'Aissa'].map((name) => ({
    name,
  }));
  const called = (wanted: string) => peopleCalled(people, wanted).map(({ name }) => name);

  it('is known as another keyboard writes it, by the first word too', () => {
    expect(called('seidou cisse')).toEqual(['Seïdou Cissé']);
    expect(called("n'diaye ba")).toEqual(['N’Diaye Ba']);
    expect(called('Seidou')).toEqual(['Seïdou Cissé']);
    expect(called('awa nyare')).toEqual(['Awa Ɲaré']);
    expect(called('Se\u0131\u0308dou')).toEqual(['Seïdou Cissé']);
    expect(called('awa')).toEqual(['Awa Traoré', 'Awa Ɲaré']);
    expect(called('Moussa')).toEqual([]);
  });

  it('as it is written goes before what only looks like it', () => {
    expect(called('Aïssa')).toEqual(['Aïssa']);
    expect(called('aissa')).toEqual(['Aissa']);
  });

  it('folds to the same whatever is done to it twice', () => {
    for (const { name } of people) expect(fold(fold(name))).toBe(fold(name));
  });
});
