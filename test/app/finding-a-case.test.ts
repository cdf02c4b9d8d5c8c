import { describe, expect, it } from 'vitest';
import { readClaim } from '../../src/app/reporters/finding-a-case.ts';

const code = '1234567890123456';
const reference = 'TAKO-4827';

describe('a claim to a case', () => {
  it.each([
    'TAKO-4827 1234 5678 9012 3456',
    '1234 5678 9012 3456 TAKO-4827',
    'tako4827\n1234567890123456',
    'Référence : TAKO-4827\nCode secret : 1234 5678 9012 3456',
    'mon code est 1234-5678-9012-3456, dossier Tak0 4827',
  ])('is found in %j', (text) => {
    expect(readClaim(text)).toEqual({ reference, code });
  });

  it('is not two phone numbers, but for those that are written as a code is shown', () => {
    expect(readClaim('7600 1122 6500 3344')).toEqual({ code: '7600112265003344' });
    expect(readClaim('TAKO-4827 76 00 11 22 65 00 33 44')).toEqual({ reference, code: '7600112265003344' });
  });

  it('may lack the reference, which is then asked for', () => {
    expect(readClaim('1234 5678 9012 3456')).toEqual({ code });
  });

  it.each([
    'TAKO-4827',
    '1234 5678',
    'Ils ont pris ma carte 1234 5678 9012 3456 lundi',
    'TAKO-4827 : ils sont revenus hier soir avec deux motos et ont pris ma carte 1234 5678 9012 3456',
    '70 00 00 00',
    '1234 5678 9012 3456 9999 8888 7777 6666',
    '76 00 11 22 65 00 33 44',
    '76001122 / 65003344',
    '76 00 11 22\n65003344',
  ])('is none in %j', (text) => {
    expect(readClaim(text)).toBeUndefined();
  });
});
