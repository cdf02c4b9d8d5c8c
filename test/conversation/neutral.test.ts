import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkNeutral } from '../../src/conversation/checks/check-neutral.ts';
import { PHRASES } from '../../src/kernel/vocabulary.ts';
import { projectContent } from '../content/content.ts';
import { filesUnder } from '../files-under.ts';
import { texts } from './person.ts';

const { flows, texts: files } = projectContent();

/** What is found if this text stands in the place of one that is sent unasked. */
function found(language: string, text: string): string[] {
  const status = { ...(files[language]?.status as object), neutral: text };
  return checkNeutral(flows, { [language]: { ...files[language], status } }).map(({ problem }) => problem);
}

describe('what goes to a phone unasked', () => {
  it('tells in no language who writes, nor why', () => {
    expect(checkNeutral(flows, files)).toEqual([]);
  });

  it.each([
    ['fr', 'Une personne de la CNDH va vous appeler.', 'cndh'],
    ['fr', '14:02 – votre dossier est ouvert', 'dossier'],
    ['fr', 'Si vous êtes en danger, écrivez SOS.', 'danger'],
    ['fr', 'Allez dans un endroit sûr.', 'sûr'],
    ['fr', 'Alerte reçue', 'alerte'],
    ['fr', 'Appelez Front Line Defenders', 'Front Line Defenders'],
    ['fr', 'La police arrive', 'police'],
    ['fr', 'Nous protégeons', 'protégeons'],
    ['en', 'An officer will call you', 'officer'],
    ['en', 'Your case is open', 'case'],
    ['en', 'The UN can help', 'un'],
  ])('in %s would not be "%s"', (language, text, word) => {
    expect(found(language, text)).toEqual([expect.stringContaining(`"${word}"`)]);
  });

  it('and "to go on", "one file", "received" are nothing of the kind', () => {
    for (const text of [
      '14:02 – bien reçu',
      'nous continuons',
      'Enregistré : un fichier',
      'un appel va suivre',
    ])
      expect(found('fr', text)).toEqual([]);
    for (const text of ['14:02 – received', 'we are going on', 'a call will follow'])
      expect(found('en', text)).toEqual([]);
  });

  it('in every language has words of its own to be looked for', () => {
    for (const [language, { wording }] of Object.entries(files))
      expect((wording as { telling?: string[] }).telling?.length, language).toBeGreaterThan(10);
  });

  it('by the button of an officer is what the button says, where it says that it writes', () => {
    for (const language of texts.languages)
      for (const phrase of PHRASES) {
        const label = texts.t(language, `officer.button.p_${phrase}`);
        const said = texts.t(language, `status.phrase_${phrase}`);
        const advice = texts.has(language, `status.advice_${phrase}`);
        const quoted = label.split(/ ?: /)[1] ?? '';
        expect(advice || said.startsWith(quoted.replace(/ ?\?$/, '')), `${label} / ${said}`).toBe(true);
      }
  });

  it('leaves through few doors: whatever else puts a message into the outbox is listed here', () => {
    const doors = filesUnder('src/app')
      .filter((file) => /from '\.\.?\/(ground\/)?outbox\.ts'/.test(readFileSync(file, 'utf8')))
      .filter((file) => /\b(enqueue|enqueueAll|toRow)\b/.test(readFileSync(file, 'utf8')))
      .map((file) => file.replace('src/app/', ''))
      .sort();
    expect(doors).toEqual(DOORS);
  });
});

/** To officers all but four: neutral texts, answers and sentences of the service. */
const DOORS = [
  'alerts/nobody-may-know.ts',
  'alerts/paging.ts',
  'alerts/withdrawing.ts',
  // Only keys of `UNASKED`, and an officer's own words.
  'alerts/writing-to-reporter.ts',
  'duty/officer-notices.ts',
  'duty/retraction.ts',
  // Only keys of `UNASKED`, and answers.
  'ground/service-texts.ts',
  'officer-chat/officer-alerts.ts',
  'officer-chat/what-came-in-words.ts',
  // Answers; of a clock only keys of `UNASKED` (promises.ts).
  'reporters/conversing.ts',
  // Only a key of `UNASKED`: the two words that they know.
  'sending/other-number.ts',
];
