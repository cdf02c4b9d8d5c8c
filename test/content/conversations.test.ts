/** The conversations that the CNDH reads and corrects: they are what the service says today. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CONVERSATIONS,
  MECHANISM,
  projectConversations,
  projectMechanism,
} from '../../src/commands/flows.ts';
import { projectFlows } from '../../src/service/own-content.ts';

const { pages, unused } = await projectConversations();

describe('the conversations in docs/conversations', () => {
  const there = readdirSync(CONVERSATIONS).filter((name) => name.endsWith('.md'));

  it('are a page each, three of them in Bambara, and one page that lists them', () => {
    expect(pages.map(({ name }) => name).toSorted()).toEqual(there.toSorted());
    expect(pages.length).toBeGreaterThanOrEqual(15);
    expect(pages.filter(({ text }) => text.includes('dɛmɛwele'))).toHaveLength(3);
    const list = pages[0]?.text ?? '';
    for (const { name } of pages.slice(1)) expect(list).toContain(`(${name})`);
  });

  it.each(pages)(
    '$name is as questions and texts are now: ./lakana flows conversations',
    ({ name, text }) => {
      expect(readFileSync(join(CONVERSATIONS, name), 'utf8')).toBe(text);
    },
  );

  it('leave no answer in people.yaml that no one asks for', () => {
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

describe('the page of the mechanism', () => {
  it('is as chapters, facts and sources are now: ./lakana flows mechanism', async () => {
    expect(readFileSync(MECHANISM, 'utf8')).toBe(await projectMechanism());
  });

  it('has twelve chapters, each sentence of law with its sources, and every source that there is', async () => {
    const page = await projectMechanism();
    expect(page.match(/^## \d+\. /gm)).toHaveLength(12);
    const { flows } = await projectFlows();
    for (const id of Object.keys(flows.knowledge.facts)) expect(page).toContain(`\`${id}\``);
    for (const [key, { address }] of Object.entries(flows.knowledge.sources)) {
      expect(page).toContain(`- **${key}** `);
      expect(page).toContain(address);
    }
    expect(page).not.toMatch(/\{\{|undefined|null/);
  });
});
