/** How the room reads an account that came in several messages. */
import { expect, test } from 'vitest';
import { entriesOf, joinedAccounts, wentOn } from '../../src/web/console/one-account.ts';
import type { OpenedItem } from '../../src/web/console/opened-item.ts';

const text = (of: string) => ({ kind: 'text' as const, text: of });
const account = (...parts: string[]) => ({ kind: 'account' as const, parts: parts.map(text), done: false });

let place = 0;
const item = (at: string, entries: unknown, more: Partial<OpenedItem> = {}): OpenedItem => {
  place += 1;
  const content = { at, ...(entries ? { entries } : {}) };
  return { place, type: 'answers', at, verdict: 'vouched', link: String(place), content, ...more };
};
const told = (at: string, ...parts: string[]) => item(at, [{ step: 'account', answer: account(...parts) }]);

const read = (items: OpenedItem[]) =>
  joinedAccounts(items).map((each) =>
    entriesOf(each).map(({ step, pieces, answer }) =>
      pieces
        ? `${step}: ${pieces.map(({ at, parts }) => `${at} ${parts.map((part) => ('text' in part ? part.text : '')).join(' ')}`).join(' | ')}`
        : `${step}: ${answer.kind}`,
    ),
  );

test('an account in three messages is one, with the time of each', () => {
  const items = [told('14:00', 'Hier soir'), told('14:01', 'ils sont venus'), told('14:03', 'à trois')];
  expect(read(items)).toEqual([['account: 14:00 Hier soir | 14:01 ils sont venus | 14:03 à trois']]);
});

test('what was said beside it stays where it was said', () => {
  const kind = { step: 'kind', answer: { kind: 'choice', value: 'threat' } };
  const items = [
    told('14:00', 'Hier soir'),
    item('14:01', [kind, { step: 'account', answer: account('à trois') }]),
    item('14:02', [kind]),
  ];
  expect(read(items)).toEqual([
    ['account: 14:00 Hier soir | 14:01 à trois'],
    ['kind: choice'],
    ['kind: choice'],
  ]);
});

test('said once more from its beginning, only what is new has the later time', () => {
  const items = [
    told('14:00', 'Hier soir'),
    told('14:05', 'Hier soir', 'à trois'),
    told('14:06', 'Hier soir', 'à trois'),
  ];
  expect(read(items)).toEqual([['account: 14:00 Hier soir | 14:05 à trois']]);
});

test('what comes after words of the team may be an answer to them, and stands after them', () => {
  const reply = item('14:02', undefined, { type: 'message' });
  const items = [told('14:00', 'Hier soir'), reply, told('14:03', 'Oui'), told('14:04', 'à trois')];
  expect(read(items)).toEqual([['account: 14:00 Hier soir'], [], ['account: 14:03 Oui | 14:04 à trois']]);
});

test('what another chat of the case says, and what no one vouches for, joins nothing', () => {
  const other = told('14:01', 'Je suis un autre');
  other.content.cameBackAt = '2026-11-24T14:00:00Z';
  const forged = { ...told('14:02', 'Rien ne presse'), verdict: 'not_ours' as const };
  const items = [told('14:00', 'Hier soir'), other, forged, told('14:03', 'à trois')];
  expect(read(items)).toEqual([
    ['account: 14:00 Hier soir | 14:03 à trois'],
    ['account: 14:01 Je suis un autre'],
    ['account: account'],
  ]);
});

test('what is no list of parts is shown as it is, and breaks nothing', () => {
  const broken = item('14:01', [{ step: 'account', answer: { kind: 'account', parts: 'no list' } }]);
  expect(joinedAccounts([broken, told('14:02', 'à trois')])).toHaveLength(2);
});

test('of any other question the newest answer counts', () => {
  const first = wentOn(undefined, { step: 'where', answer: { kind: 'text', text: 'Kati' } }, '14:00');
  const second = wentOn(first, { step: 'where', answer: { kind: 'text', text: 'Ségou' } }, '14:01');
  expect(second).toEqual({ step: 'where', answer: { kind: 'text', text: 'Ségou' } });
});
