import { expect, test } from 'vitest';
import { chosen, numbered } from '../../../src/channels/whatsapp/menus.ts';

const menu = ['o:take:DINI-4003', 'o:cannot:DINI-4003'];
const text = (words: string) => ({ kind: 'text', text: words }) as const;

test('buttons stand numbered under the text', () => {
  const rows = [[{ label: 'Je prends', data: 'a' }], [{ label: 'Je ne peux pas', data: 'b' }]];
  expect(numbered({ text: 'CRITIQUE', rows })).toEqual({
    text: 'CRITIQUE\n\n*1*  Je prends\n*2*  Je ne peux pas',
    menu: ['a', 'b'],
  });
  expect(numbered({ text: 'Bien reçu' })).toEqual({ text: 'Bien reçu', menu: [] });
});

test.each(['2', ' 2. ', '2️⃣', '２', '2)'])('%j is the second', (said) => {
  expect(chosen(menu, text(said))).toEqual({ kind: 'button', data: menu[1] });
});

test.each(['👍', '👍🏿'])('the reaction %s is the first', (emoji) => {
  expect(chosen(menu, { kind: 'reaction', emoji })).toEqual({ kind: 'button', data: menu[0] });
});

test.each(['3', '0', '12', 'deux', '2 hommes', ''])('%j is none of them', (said) => {
  expect(chosen(menu, text(said))).toBeUndefined();
});
