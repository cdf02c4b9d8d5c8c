import { expect, test } from 'vitest';
import { chosen, numbered } from '../../../src/channels/whatsapp/menus.ts';

const older = { id: 'A', buttons: ['o:take:DINI-4003', 'o:cannot:DINI-4003'] };
const newer = { id: 'B', buttons: ['o:take:BAOB-1207', 'o:cannot:BAOB-1207'] };
const menus = [older, newer];
const text = (words: string) => ({ kind: 'text', text: words }) as const;
const thumb = { kind: 'reaction', emoji: '👍' } as const;

test('buttons stand numbered under the text', () => {
  const rows = [[{ label: 'Je prends', data: 'a' }], [{ label: 'Je ne peux pas', data: 'b' }]];
  expect(numbered({ text: 'CRITIQUE', rows })).toEqual({
    text: 'CRITIQUE\n\n*1*  Je prends\n*2*  Je ne peux pas',
    buttons: ['a', 'b'],
  });
  expect(numbered({ text: 'Bien reçu' })).toEqual({ text: 'Bien reçu', buttons: [] });
});

test.each(['2', ' 2. ', '2️⃣', '２', '2)'])('%j is the second of the newest menu', (said) => {
  expect(chosen(menus, text(said))).toEqual({ kind: 'button', data: newer.buttons[1] });
});

test.each(['👍', '👍🏿'])('the reaction %s is the first of the page it stands on', (emoji) => {
  const reaction = { kind: 'reaction', emoji } as const;
  expect(chosen(menus, reaction, 'A')).toEqual({ kind: 'button', data: older.buttons[0] });
});

test('a number that quotes an older page is about that one', () => {
  expect(chosen(menus, text('2'), 'A')).toEqual({ kind: 'button', data: older.buttons[1] });
});

test('what answers a message without buttons, or one that is forgotten, chooses nothing', () => {
  expect(chosen(menus, text('1'), 'gone')).toBeUndefined();
  expect(chosen(menus, thumb, 'gone')).toBeUndefined();
  expect(chosen([...menus, { id: 'C', buttons: [] }], text('1'))).toBeUndefined();
  expect(chosen([], text('1'))).toBeUndefined();
});

test.each(['3', '0', '12', 'deux', '2 hommes', ''])('%j is none of them', (said) => {
  expect(chosen(menus, text(said))).toBeUndefined();
});
