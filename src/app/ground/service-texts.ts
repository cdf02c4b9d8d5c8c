import { UNASKED } from '../../conversation/words/unasked-keys.ts';
import type { ContactRow } from '../../db/contacts.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { answering } from './answer-mark.ts';
import type { Context } from './context.ts';
import { enqueue } from './outbox.ts';
import type { Moment } from './transaction.ts';

/** The language to speak to a contact in: theirs, else what the messenger says, else the default. */
export function languageOf(ctx: Context, contact: { language: string | null }, hint?: string): string {
  const known = [contact.language, hint?.slice(0, 2)].find(
    (each) => each && ctx.settings.languages.includes(each),
  );
  return known ?? ctx.settings.defaultLanguage;
}

/**
 * Says one sentence of the service itself (`service.*`), outside any question, to a contact that just wrote, or (`since`)
 * wrote then.
 */
export async function serviceSay(
  at: Moment,
  contact: ContactRow,
  key: string,
  params: Record<string, string | number> = {},
  languageHint?: string,
  coalesce?: string,
  since: Date = at.now,
): Promise<void> {
  const text = at.ctx.texts.t(languageOf(at.ctx, contact, languageHint), key, params);
  await enqueue(at, {
    contactId: contact.id,
    class: CLASS.reply,
    message: answering({ text }, { since: since.toISOString(), is: key in UNASKED ? 'neutral' : 'brief' }),
    ...(coalesce ? { coalesce } : {}),
  });
}
