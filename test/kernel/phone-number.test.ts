import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPhoneNumber } from '../../src/kernel/phone-number.ts';

const MALI = '+22370001122';

describe('a number as a person types or pastes it', () => {
  it.each([
    '+22370001122',
    '70001122',
    '70 00 11 22',
    '70-00-11-22',
    '70.00.11.22',
    '70/00/11/22',
    '0022370001122',
    '00 223 70 00 11 22',
    '223 70 00 11 22',
    '+ 223 70 00 11 22',
    '(+223) 70 00 11 22',
    '+(223) 70 00 11 22',
    '+223 (0) 70 00 11 22',
    '[+223] 70-00-11-22',
    '+223\u00a070\u202f00\u200911\u00a022',
    '\u202a+223 70 00 11 22\u202c',
    '\u200e+223\u200d70001122\u200f',
    '\u2068+223 70 00 11 22\u2069',
    '+223‑70‑00‑11‑22',
    '+223–70–00–11–22',
    '＋２２３ ７０ ００ １１ ２２',
    '+٢٢٣ ٧٠ ٠٠ ١١ ٢٢',
    '٧٠٠٠١١٢٢',
    '߇߀߀߀߁߁߂߂',
    'tel:+223-70-00-11-22',
    'tel:70001122',
    'sms:+22370001122',
    'https://wa.me/22370001122',
    'wa.me/22370001122?text=Bonjour%2012',
    'https://api.whatsapp.com/send?phone=22370001122&text=1',
    'Awa Traoré +223 70 00 11 22',
    '+223 70 00 11 22 (bureau)',
  ])('%j is the one that is meant', (text) => {
    expect(readPhoneNumber(text)).toBe(MALI);
  });

  it.each([
    ['+33 (0)6 12 34 56 78', '+33612345678'],
    ['0033 6 12 34 56 78', '+33612345678'],
    ['+225 07 01 02 03 04', '+2250701020304'],
    ['+1 (202) 555-0123', '+12025550123'],
  ])('%j of another country too', (text, number) => {
    expect(readPhoneNumber(text)).toBe(number);
  });

  it.each([
    '',
    'Awa',
    '7000112',
    '700011223',
    '070001122',
    '0612345678',
    '7O 00 11 22',
    '70 00 11 22 ou 66 00 11 22',
    '70001122, 66001122',
    '70 00 11 22 poste 12',
    '+223 70 00 11 22 x12',
    '+223 +70 00 11 22',
    '+00223 70 00 11 22',
    '+22307000112200',
    '+999 70 00 11 22',
    '+223 70 00 11',
    '+',
    '1'.repeat(40),
    `70001122${' '.repeat(300)}`,
  ])('%j is refused', (text) => {
    expect(readPhoneNumber(text)).toBeUndefined();
  });

  it('has to have its country where that is asked for', () => {
    expect(readPhoneNumber('70 00 11 22', { home: false })).toBeUndefined();
    expect(readPhoneNumber('00223 70 00 11 22', { home: false })).toBe(MALI);
  });

  it('keeps every digit that was written, whatever stands between them, or is refused', () => {
    const between = fc.constantFrom('', ' ', '-', '.', '\u00a0', '\u200e', '\u2011', ' / ', '\u202f');
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 });
    const start = fc.constantFrom('', '+223', '00223', '\u202a+223');
    fc.assert(
      fc.property(start, digits, fc.array(between, { minLength: 8, maxLength: 8 }), (country, all, gaps) => {
        const read = readPhoneNumber(country + all.map((digit, n) => `${gaps[n]}${digit}`).join(''));
        if (read !== undefined && (country !== '' || all[0] !== 0)) expect(read).toBe(`+223${all.join('')}`);
      }),
    );
  });
});
