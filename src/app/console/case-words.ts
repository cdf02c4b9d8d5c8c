/** How questions, options and channels are called, for the reader of a case: public words, no case in them. */
import type { CaseWords } from '../../contract/cases.ts';
import { CONTACT_HOURS, PHRASES, WHY_SILENT } from '../../kernel/vocabulary.ts';
import { channelName } from '../duty/officer-wording.ts';
import type { Context } from '../ground/context.ts';

export function caseWords(ctx: Context, language: string): CaseWords {
  const {
    conversation: { flows },
    texts,
    triageWhys,
  } = ctx;
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
    const asked = say(`${path}.officer`) ?? say(`${path}.short`) ?? say(`${path}.ask`) ?? id;
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
  const named = (codes: readonly string[], keyOf: (code: string) => string) =>
    Object.fromEntries(
      codes.flatMap((code) => {
        const said = say(keyOf(code));
        return said === undefined ? [] : [[code, said]];
      }),
    );
  return {
    steps,
    lists,
    rules: Object.fromEntries(triageWhys),
    phrases: named(PHRASES, (phrase) => `status.phrase_${phrase}`),
    advice: named(PHRASES, (phrase) => `status.advice_${phrase}`),
    whySilent: named(WHY_SILENT, (why) => `officer.why_silent.${why}`),
    hours: named(CONTACT_HOURS, (hours) => `officer.hours.${hours}`),
    telling: [...texts.list(language, 'wording.telling')],
    channels: channelNames(ctx, language),
  };
}

/** Of the channels that are on, and of those that have words of their own: a case may have come by one that is off now. */
function channelNames(ctx: Context, language: string): CaseWords['channels'] {
  const own = ctx.texts
    .keys(ctx.texts.defaultLanguage)
    .flatMap((key) => /^([a-z_]+)\.said$/.exec(key)?.[1] ?? []);
  const kinds = new Set([...ctx.channels.keys(), ...own]);
  return Object.fromEntries([...kinds].map((kind) => [kind, channelName(ctx, language, kind)]));
}
