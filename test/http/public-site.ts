/** The public page on a service that has nothing else: real chapters and texts, a clock and channels that tests change. */
import { Writable } from 'node:stream';
import type { Entrance } from '../../src/channels/entrance.ts';
import type { Conversation } from '../../src/conversation/asking/turn.ts';
import { createHttpApp } from '../../src/http/app.ts';
import { createPublicPages } from '../../src/http/public-page/pages.ts';
import { createLog } from '../../src/kernel/log.ts';
import { conversation, texts } from '../conversation/person.ts';
import { flowsWithContacts } from '../outside-contacts.ts';

export const BOT: Entrance = {
  kind: 'telegram',
  shown: '@LakanaMaliBot',
  link: 'https://t.me/LakanaMaliBot',
};
const NUMBER: Entrance = { kind: 'whatsapp', shown: '+223 70 00 00 00', link: 'https://wa.me/22370000000' };
export const CONTACTS = {
  fld: { name: 'Front Line Defenders', contact: '+000 11 11', verified_on: '2026-06-01', always: 'yes' },
};

type Given = {
  entrances?: Entrance[];
  contacts?: typeof CONTACTS;
  unchecked?: 'hidden' | 'marked';
  texts?: typeof texts;
  languages?: string[];
  isOff?: boolean;
};

export async function publicSite(given: Given = {}) {
  const flows = flowsWithContacts(conversation.flows, given.contacts ?? {});
  const state = {
    at: new Date('2026-11-24T10:00:00Z'),
    entrances: given.entrances ?? [BOT, NUMBER],
    conversation: {
      ...conversation,
      flows,
      lists: flows.lists,
      texts: given.texts ?? texts,
      unchecked: given.unchecked ?? 'hidden',
    } satisfies Conversation,
  };
  const settings = { languages: given.languages ?? ['fr', 'en'], defaultLanguage: 'fr' };
  const pages = createPublicPages({
    ctx: {
      get conversation() {
        return state.conversation;
      },
      settings,
    } as unknown as Parameters<typeof createPublicPages>[0]['ctx'],
    entrances: () => state.entrances,
  });
  const lines: string[] = [];
  const kept = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const app = await createHttpApp({
    log: createLog('debug', kept),
    readiness: async () => ({ checks: [] }),
    ...(given.isOff ? {} : { publicPage: { pages, now: () => state.at } }),
  });
  const asks = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
  return { app, asks, state, pages, lines, reads: async (url = '/') => (await asks(url)).body };
}
