/**
 * Words that must never reach a person at risk: asking for reasons, making little of it, promising what nobody
 * can keep, pictures on hard screens. A net, not a judge: people read the texts too.
 */
import type { Flows } from '../flows/compile.ts';
import type { TextFiles } from '../words/texts.ts';
import { flatten } from './check-texts.ts';
import type { Problem } from './problem.ts';
import { fileOfKey } from './problem.ts';

type Rule = { pattern: RegExp; problem: string; mend: string };

const NO_REASONS = { problem: 'asks for reasons', mend: 'ask what happened, never why' };
const NOT_LESS = { problem: 'makes little of what happened', mend: 'take it out: thank, do not judge' };
const NO_PROMISE = { problem: 'promises what nobody can keep', mend: 'say only what is true today' };
const NOT_SURE = {
  problem: 'calls the messenger secure',
  mend: 'say what it protects, and what it does not',
};
const ALLEGED = { problem: 'speaks of guilt', mend: 'write "alleged perpetrator"' };

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  fr: [
    { pattern: /\bpourquoi\b/i, ...NO_REASONS },
    {
      pattern:
        /pas (si |très )?grave|rien de grave|ne vous inquiétez pas|ne vous en faites pas|tout ira bien|calmez-vous/i,
      ...NOT_LESS,
    },
    {
      pattern:
        /nous (vous )?(promettons|garantissons|assurons)|c'est promis|vous serez (protégé|en sécurité|à l'abri)|nous (vous )?(protégerons|sauverons|relogerons)/i,
      ...NO_PROMISE,
    },
    {
      pattern:
        /(messagerie|messager|application|discussion) (sûre?|sécurisée?)\b|(totalement|complètement) (sûr|sécurisé|anonyme)|100 ?% /i,
      ...NOT_SURE,
    },
    { pattern: /\b(coupables?|criminels?|malfaiteurs?)\b/i, ...ALLEGED },
  ],
  en: [
    { pattern: /\bwhy\b/i, ...NO_REASONS },
    {
      pattern: /not (so |very |that )?serious|don['’]t worry|do not worry|it will be (fine|ok)|calm down/i,
      ...NOT_LESS,
    },
    {
      pattern: /we (promise|guarantee|assure)|you will be (safe|protected)|we will (protect|save|relocate)/i,
      ...NO_PROMISE,
    },
    {
      pattern: /secure (messag|messeng|app|chat)|(totally|completely|fully) (safe|secure|anonymous)|100 ?% /i,
      ...NOT_SURE,
    },
    { pattern: /\b(guilty|culprits?|criminals?|offenders?)\b/i, ...ALLEGED },
  ],
};
const PICTURE = /\p{Extended_Pictographic}/u;

/** Looks through every text that a reporter may be shown; officers' texts are not among them. */
export function checkWording(flows: Flows, files: TextFiles): Problem[] {
  const shown = new Set(['bot', 'lists', 'status', 'service', ...flows.flows.keys()]);
  return Object.keys(files).flatMap((language) =>
    [...flatten(files[language])]
      .filter(([key]) => shown.has(key.split('.')[0] ?? ''))
      .flatMap(([key, text]): Problem[] => {
        const place = { file: fileOfKey(language, key), key };
        const broken = (RULES[language] ?? []).filter(({ pattern }) => pattern.test(String(text)));
        const picture = PICTURE.test(String(text))
          ? [{ ...place, problem: 'holds an emoji', mend: 'take it out: these are hard screens' }]
          : [];
        return [...broken.map(({ problem, mend }) => ({ ...place, problem, mend })), ...picture];
      }),
  );
}
