/** Whose chats a case is in, as values. */
import { describe, expect, it } from 'vitest';
import {
  admittedAgain,
  allChats,
  decided,
  withComer as join,
  linkOf,
  mayWriteIn,
  withOthersCut,
  withSafety,
} from '../../src/app/records/reporter-chats.ts';
import { chatsOf, type ReporterLink } from '../../src/app/records/reporter-link.ts';
import type { ContactId } from '../../src/kernel/ids.ts';

const [first, second, third] = ['a', 'b', 'c'] as unknown as [ContactId, ContactId, ContactId];
const at = new Date('2026-11-24T14:02:00Z');
const alone: ReporterLink = { contactId: first, mayWrite: true };
/** For those who come in. */
function withComer(link: ReporterLink, contactId: ContactId, when: Date): ReporterLink {
  const joined = join(link, contactId, when);
  if (typeof joined === 'string') throw new Error(joined);
  return joined;
}
const two = withComer(alone, second, at);
const have = (link: ReporterLink) => chatsOf(link).map(({ contactId }) => contactId);

describe('a case that is found again by its code', () => {
  it('is in both phones, and nothing goes to either before an officer decides', () => {
    expect(have(two)).toEqual([first, second]);
    expect(two.isUndecided).toBe(true);
  });

  it('changes nothing when the same phone gives the code twice, or the first one does', () => {
    expect(join(two, second, at)).toBe('has_it');
    expect(join(two, first, at)).toBe('has_it');
    expect(join(alone, first, at)).toBe('has_it');
  });

  it('is in three phones when a third one comes, also after a decision', () => {
    const three = withComer(decided(two), third, at);
    expect(have(three)).toEqual([first, second, third]);
    expect(three.isUndecided).toBe(true);
  });

  it('stays with whom the officer says: one of them, or all', () => {
    expect(decided(two, second)).toEqual({
      contactId: second,
      refused: [{ contactId: first, mayWrite: true }],
    });
    expect(decided(two, first)).toMatchObject({ contactId: first, mayWrite: true });
    expect(have(decided(two))).toEqual([first, second]);
    expect(decided(two).isUndecided).toBeUndefined();
  });

  it('keeps what became of earlier replies', () => {
    const replies = [{ place: 1, delivery: 7 as never }];
    expect(decided({ ...two, replies }, first).replies).toBe(replies);
  });

  it('leaves the phone that was taken, which an officer can still give it back to', () => {
    const cut = withOthersCut(two, second);
    expect(have(cut)).toEqual([second]);
    expect(cut.isUndecided).toBe(true);
    expect(allChats(cut)).toHaveLength(2);
    expect(have(decided(cut, first))).toEqual([first]);
    expect(have(decided(cut))).toEqual([first, second]);
  });

  it('is not open with the code to a phone that was refused or cut, before an officer says otherwise', () => {
    expect(join(withOthersCut(two, second), first, at)).toBe('refused');
    const one = decided(two, first);
    expect(join(one, second, at)).toBe('refused');
    // Also after others came, and were decided on.
    const more = decided(withComer(one, third, at));
    expect(have(more)).toEqual([first, third]);
    expect(join(more, second, at)).toBe('refused');
    expect(join(decided(more, third), first, at)).toBe('refused');
    const again = admittedAgain(one, second);
    expect(have(again)).toEqual([first, second]);
    expect([again.refused, again.isUndecided]).toEqual([undefined, undefined]);
    expect(admittedAgain(one, third)).toBe(one);
    expect(decided(again, second).refused).toEqual([{ contactId: first, mayWrite: true }]);
  });

  it('is written to only where that phone has said that it is safe, or nothing', () => {
    const unsafe = withComer({ contactId: first, mayWrite: false }, second, at);
    expect(mayWriteIn(unsafe, second)).toBe(false);
    const said = withSafety(unsafe, second, true);
    expect([mayWriteIn(said, first), mayWriteIn(said, second)]).toEqual([false, true]);
    expect(withSafety(alone, third, false)).toEqual(alone);
    expect(withSafety(alone, first, false).mayWrite).toBe(false);
  });

  it('is undecided again when only the conversations lead to several phones', () => {
    expect(linkOf([])).toBeUndefined();
    expect(linkOf([{ contactId: first }])?.isUndecided).toBeUndefined();
    expect(linkOf([{ contactId: first }, { contactId: second }])?.isUndecided).toBe(true);
  });
});
