/**
 * While the database is away, or cannot write, nothing can be saved; each person who writes is told so, once per
 * outage.
 *
 * Invariants: texts were loaded at the start, so nothing is needed but the channel; the message is not
 * acknowledged, and the messenger delivers it again; a process to which it comes no more says nothing: another one has it.
 */
import type { Channel, IncomingMessage } from '../../channels/channel.ts';
import type { Texts } from '../../conversation/words/texts.ts';
import type { UnaskedKey } from '../../conversation/words/unasked-keys.ts';
import { seconds } from '../../kernel/time.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';

export type Unsaved = {
  tell(message: IncomingMessage): Promise<void>;
  /**
   * Called with each heartbeat that reaches the database. When nobody was in vain since the one before, the outage
   * is over, and the next one is told of anew: also one so short that no heartbeat missed the database.
   */
  databaseAnswers(): void;
};

/** More people than this are not remembered; they may be told twice, which harms nobody. */
const MOST_TOLD = 10_000;

export function createUnsaved(deps: {
  channels: ReadonlyMap<ChannelKind, Channel>;
  texts: Texts;
  languages: readonly string[];
  defaultLanguage: string;
}): Unsaved {
  const told = new Set<string>();
  let isQuiet = true;
  return {
    async tell(message) {
      isQuiet = false;
      const who = `${message.channel}/${message.address}`;
      const isPerson = message.content.kind !== 'group' && message.content.kind !== 'blocked';
      const channel = deps.channels.get(message.channel);
      if (!channel || !isPerson || told.has(who) || channel.takesIn?.() === false) return;
      if (told.size >= MOST_TOLD) told.clear();
      told.add(who);
      const hint = message.languageHint?.slice(0, 2) ?? '';
      const language = deps.languages.includes(hint) ? hint : deps.defaultLanguage;
      const text = deps.texts.t(language, 'service.not_saved' satisfies UnaskedKey, {});
      const result = await channel.send(message.address, { text }, AbortSignal.timeout(seconds(10)));
      if (!result.ok) told.delete(who);
    },
    databaseAnswers() {
      if (isQuiet) told.clear();
      isQuiet = true;
    },
  };
}
