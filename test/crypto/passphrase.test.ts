import { expect, it } from 'vitest';
import { normalPassphrase, passphrasesToTry } from '../../src/crypto/passphrase.ts';

it('a passphrase is the same from any keyboard', () => {
  const one = 'l\'été, sept chèvres - "vite"';
  for (const typed of [
    one.normalize('NFD'),
    one.replace("'", '’'),
    one.replace("'", '´'),
    one.replaceAll(' ', '\u00a0'),
    one.replaceAll(' ', '\u202f'),
    one.replace('-', '—'),
    one.replace('-', '--'),
    one.replaceAll('"', '”'),
    ` ${one}  `,
    one.replace(' sept', '   sept'),
    `${one.slice(0, 4)}\u200b${one.slice(4)}`,
  ])
    expect(normalPassphrase(typed), JSON.stringify(typed)).toBe(one);
});

it('a letter in another case, or another letter, is another passphrase', () => {
  expect(normalPassphrase('Sept chèvres')).not.toBe(normalPassphrase('sept chèvres'));
  expect(normalPassphrase('sept chevres')).not.toBe(normalPassphrase('sept chèvres'));
});

it('what needs no change is tried once: each try takes a phone seconds', () => {
  expect(passphrasesToTry('seven goats under the tree')).toEqual(['seven goats under the tree']);
});
