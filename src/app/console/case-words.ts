/** How questions and options of the flows are called, for the reader of a case: public words, no case in them. */
import type { CaseWords } from '../../contract/cases.ts';
import type { Context } from '../ground/context.ts';

export function caseWords(
  { conversation: { flows }, texts, triageWhys }: Context,
  language: string,
): CaseWords {
  // In the default language what this one does not say.
  const say = (key: string): string | undefined =>
    [language, texts.defaultLanguage].some((each) => texts.has(each, key))
      ? texts.t(language, key)
      : undefined;
  const lists: CaseWords['lists'] = {};
  for (const [name, { entries }] of flows.lists)
    lists[name] = Object.fromEntries(
      Object.keys(entries).map((code) => [code, say(`lists.${name}.${code}`) ?? code]),
    );
  const steps: CaseWords['steps'] = {};
  for (const [id, [path]] of flows.pathsOf) {
    const placed = path === undefined ? undefined : flows.steps.get(path);
    if (!placed || path === undefined) continue;
    const asked = say(`${path}.short`) ?? say(`${path}.ask`) ?? id;
    const own = 'options' in placed.step && Array.isArray(placed.step.options) ? placed.step.options : [];
    const options = Object.fromEntries(
      own.map((code) => [String(code), say(`${path}.options.${code}`) ?? String(code)]),
    );
    const list = flows.listOf(id);
    steps[id] = {
      question: asked.split('\n')[0] ?? id,
      options: { ...(list ? lists[list] : {}), ...options },
    };
  }
  return { steps, lists, rules: Object.fromEntries(triageWhys) };
}
