import { describe, expect, test } from 'vitest';
import { buttonsOf, chosen, firstNumber, numbered } from '../../../src/channels/whatsapp/menus.ts';

const older = { id: 'A', buttons: ['o:take:DINI-4003', 'o:cannot:DINI-4003'] };
const newer = { id: 'B', buttons: ['o:take:BAOB-1207', 'o:cannot:BAOB-1207'] };
const menus = [older, newer];
const text = (words: string) => ({ kind: 'text', text: words }) as const;
const thumb = { kind: 'reaction', emoji: '👍' } as const;

test('buttons stand numbered under the text', () => {
  const rows = [[{ label: 'Je prends', data: 'a' }], [{ label: 'Je ne peux pas', data: 'b' }]];
  const page = { text: 'CRITIQUE', rows };
  expect(numbered(page)).toBe('CRITIQUE\n\n*1*  Je prends\n*2*  Je ne peux pas');
  expect(numbered(page, 3)).toBe('CRITIQUE\n\n*3*  Je prends\n*4*  Je ne peux pas');
  expect(buttonsOf(page)).toEqual({ buttons: ['a', 'b'] });
  expect(numbered({ text: 'Bien reçu' })).toBe('Bien reçu');
  expect(buttonsOf({ text: 'Bien reçu' })).toEqual({ buttons: [] });
});

test.each(['2', ' 2. ', '2️⃣', '２', '2)'])('%j is the second of the newest menu', (said) => {
  expect(chosen(menus, text(said))).toEqual({ kind: 'button', data: newer.buttons[1] });
});

test.each(['👍', '👍🏿'])('the reaction %s is the first of the page it stands on', (emoji) => {
  const reaction = { kind: 'reaction', emoji } as const;
  expect(chosen(menus, reaction, { to: 'A' })).toEqual({ kind: 'button', data: older.buttons[0] });
});

test('a number that quotes an older page is about that one', () => {
  expect(chosen(menus, text('2'), { to: 'A' })).toEqual({ kind: 'button', data: older.buttons[1] });
});

test('what answers a message without buttons, or one that is forgotten, chooses nothing', () => {
  expect(chosen(menus, text('1'), { to: 'gone' })).toBeUndefined();
  expect(chosen(menus, thumb, { to: 'gone' })).toBeUndefined();
  expect(chosen([...menus, { id: 'C', buttons: [] }], text('1'))).toBeUndefined();
  expect(chosen([], text('1'))).toBeUndefined();
});

test.each(['3', '0', '12', 'deux', '2 hommes', ''])('%j is none of them', (said) => {
  expect(chosen(menus, text(said))).toBeUndefined();
});

test('a number that came before the newest page had left is about the one before it', () => {
  const pages = [
    { ...older, at: 10 },
    { ...newer, at: 30 },
  ];
  expect(chosen(pages, text('1'), { place: 20 })).toEqual({ kind: 'button', data: older.buttons[0] });
  expect(chosen(pages, text('1'), { place: 40 })).toEqual({ kind: 'button', data: newer.buttons[0] });
  expect(chosen(pages, text('1'), { place: 5 })).toBeUndefined();
});

test('a reaction that does not say on what it stands presses only what cannot be another page’s', () => {
  expect(chosen([newer], thumb)).toEqual({ kind: 'button', data: newer.buttons[0] });
  expect(chosen(menus, thumb)).toBeUndefined();
  expect(chosen([newer, { id: 'C', buttons: [] }], thumb)).toBeUndefined();
});

describe('numbers of officers', () => {
  const now = Date.parse('2026-11-25T03:00:00Z');
  const page = { id: 'P', buttons: ['o:take:DINI-4003', 'o:cannot:DINI-4003'], at: now * 1_000 };
  const two = { buttons: ['a', 'b'] };

  test('go on from message to message, and begin again after a pause or at the end of two digits', () => {
    expect(firstNumber([], two, now)).toBe(1);
    expect(firstNumber([page], two, now + 60_000)).toBe(3);
    expect(firstNumber([page, { id: 'N', buttons: [], at: page.at }], two, now)).toBe(3);
    expect(firstNumber([page], two, now + 2 * 3_600_000)).toBe(1);
    expect(firstNumber([{ ...page, first: 97 }], two, now)).toBe(1);
    expect(firstNumber([page], { buttons: ['r:3:#1'], isWritten: true }, now)).toBe(1);
  });

  test('mean what stands beside them, also when another page has come meanwhile', () => {
    const question = {
      id: 'Q',
      buttons: ['o:end_reached:BAOB-1207', 'o:end_resolved:BAOB-1207'],
      first: 1,
      at: 10,
    };
    const later = { ...page, first: 3, at: 20 };
    expect(chosen([question, later], text('1'))).toEqual({ kind: 'button', data: question.buttons[0] });
    expect(chosen([question, later], text('4'))).toEqual({ kind: 'button', data: page.buttons[1] });
    expect(chosen([question, later], text('4'), { to: 'P' })).toEqual({
      kind: 'button',
      data: page.buttons[1],
    });
    // An officer who quotes a page and writes "1" means its first button.
    expect(chosen([question, later], text('1'), { to: 'P' })).toEqual({
      kind: 'button',
      data: page.buttons[0],
    });
    expect(chosen([question, later], text('5'))).toBeUndefined();
    expect(chosen([question, { id: 'N', buttons: [], at: 15 }, later], text('1'))).toBeUndefined();
  });
});

describe('questions that number their options themselves', () => {
  const danger = { id: 'D', buttons: ['r:2:now', 'r:2:#2', 'r:2:#3'], isWritten: true, at: 10 } as const;
  const consent = { id: 'E', buttons: ['r:3:#1', 'r:3:#2'], isWritten: true, at: 30 } as const;
  const asked = [danger, consent];

  test('are remembered as they are', () => {
    const question = { text: 'Oui ?\n\n1. Oui', numbers: ['r:3:#1'] };
    expect(numbered(question)).toBe(question.text);
    expect(buttonsOf(question)).toEqual({ buttons: ['r:3:#1'], isWritten: true });
  });

  test('are answered by a number as by a button, so that it is known which of them was meant', () => {
    expect(chosen(asked, text('2'))).toEqual({ kind: 'button', data: 'r:3:#2' });
    expect(chosen(asked, text('1'), { to: 'D' })).toEqual({ kind: 'button', data: 'r:2:now' });
    expect(chosen(asked, text('1'), { place: 20 })).toEqual({ kind: 'button', data: 'r:2:now' });
    expect(chosen(asked, text('1 et 2'))).toBeUndefined();
  });

  test('are told on which of them a reaction stands, if on any', () => {
    expect(chosen(asked, thumb, { to: 'E' })).toEqual({ ...thumb, on: 'r:3:#1' });
    expect(chosen(asked, thumb, { to: 'D' })).toEqual({ ...thumb, on: 'r:2:now' });
    expect(chosen(asked, thumb, { to: 'gone' })).toEqual({ ...thumb, on: '' });
    expect(chosen(asked, thumb)).toEqual({ ...thumb, on: '' });
  });
});
