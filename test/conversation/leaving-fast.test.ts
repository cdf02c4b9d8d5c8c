/** Who has to be gone fast says so in more than one word. */
import { describe, expect, it } from 'vitest';
import { calmPerson, walkTo } from './person.ts';

const FAST = ['je dois partir', 'Je dois partir vite', 'partir vite', 'stop svp', 'quitter svp', 'je quitte'];
const IN_ENGLISH = ['i must go', 'stop please', 'leave now', 'i have to leave'];

describe('a reporter who has to leave', () => {
  it.each([...FAST, ...IN_ENGLISH])('and writes "%s" at a question with options is let go', (words) => {
    for (const path of ['report.phone_safe', 'report.who', 'report.contact_how', 'report.review']) {
      const person = walkTo(calmPerson(), path).writes(words);
      expect(person.keys, path).toEqual(['bot.left']);
      expect(person.did('retract_messages'), path).toHaveLength(1);
      expect(JSON.stringify(person.state?.answers), path).not.toContain(words);
    }
  });

  it('and tells of leaving in an account has told it', () => {
    const person = walkTo(calmPerson(), 'report.account').writes('je dois partir');
    expect(person.keys).not.toContain('bot.left');
    expect(person.state?.answers.account).toMatchObject({ parts: [{ text: 'je dois partir' }] });
  });
});
