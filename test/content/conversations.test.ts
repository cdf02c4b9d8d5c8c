/** The twelve conversations that the CNDH reads and corrects: they are what the service says today. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONVERSATIONS, projectConversations } from '../../src/commands/flows.ts';

const { pages, unused } = await projectConversations();

describe('the conversations in docs/conversations', () => {
  const there = readdirSync(CONVERSATIONS).filter((name) => name.endsWith('.md'));

  it('are twelve, a page each, and one page that lists them', () => {
    expect(pages.map(({ name }) => name).toSorted()).toEqual(there.toSorted());
    expect(pages).toHaveLength(13);
    const list = pages[0]?.text ?? '';
    for (const { name } of pages.slice(1)) expect(list).toContain(`(${name})`);
  });

  it.each(pages)(
    '$name is as questions and texts are now: ./lakana flows conversations',
    ({ name, text }) => {
      expect(readFileSync(join(CONVERSATIONS, name), 'utf8')).toBe(text);
    },
  );

  it('leave no answer in people.yaml that nobody asks for', () => {
    expect(unused).toEqual([]);
  });

  it('hold no placeholder, no key and nothing left out', () => {
    for (const { name, text } of pages) {
      expect(text, name).not.toMatch(
        /\{\{|undefined|null|\b(bot|report|status|menu|sos|lists)\.[a-z_]+\.[a-z_]+/,
      );
    }
  });
});
