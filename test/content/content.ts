import { readdirSync, readFileSync } from 'node:fs';
import { parseYaml } from '../../src/app/ground/load-flows.ts';
import { compileFlows, type Flows } from '../../src/conversation/flows/compile.ts';
import { isKnowledge, parseKnowledge } from '../../src/conversation/flows/facts.ts';
import { type TriageRules, triageSchema } from '../../src/conversation/flows/flow.ts';
import { accountsSchema, examplesOf } from '../../src/conversation/transcripts/alarms.ts';
import type { TextFiles } from '../../src/conversation/words/texts.ts';

const read = (path: string): unknown => parseYaml(readFileSync(path, 'utf8'));
const yamlIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const notTriage = (name: string): boolean => name !== 'triage.yaml' && name !== 'retention.yaml';

/** The flows, lists, rules and texts as they stand in the project. */
export function projectContent(): { flows: Flows; triage: TriageRules; texts: TextFiles; today: string } {
  const file = (folder: string) => (name: string) => ({
    name: `${folder}/${name}`,
    content: read(`${folder}/${name}`),
  });
  const files = yamlIn('flows').filter(notTriage).map(file('flows'));
  return {
    flows: compileFlows(
      files.filter((each) => !isKnowledge(each)),
      yamlIn('flows/lists').map(file('flows/lists')),
      parseKnowledge(files),
      examplesOf(accountsSchema.parse(read('flows/understanding/grave.yaml'))),
    ),
    triage: triageSchema.parse(read('flows/triage.yaml')),
    today: '2026-12-01',
    texts: Object.fromEntries(
      readdirSync('locales').map((language) => [
        language,
        Object.fromEntries(
          yamlIn(`locales/${language}`).map((name) => [
            name.replace('.yaml', ''),
            read(`locales/${language}/${name}`),
          ]),
        ),
      ]),
    ),
  };
}

type Spoilable = Record<string, Record<string, Record<string, Record<string, unknown>>>>;

/** The texts with a change, to copies of the languages that it touches: the others stay the very same. */
export function changedTexts(texts: TextFiles, change: (texts: Spoilable) => void): TextFiles {
  const touched: Record<string, TextFiles[string]> = {};
  const whole = new Proxy(touched, {
    get(mine, language: string) {
      const of = mine[language] ?? (texts[language] && structuredClone(texts[language]));
      if (of) mine[language] = of;
      return of;
    },
    has: (_, language: string) => language in texts,
    ownKeys: () => Object.keys(texts),
    getOwnPropertyDescriptor: (mine, language: string) => ({
      value: Reflect.get(mine, language),
      enumerable: true,
      configurable: true,
    }),
  });
  change(whole as Spoilable);
  return { ...texts, ...touched };
}
