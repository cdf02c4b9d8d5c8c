/**
 * The public pages as they lie in memory, ready to be sent.
 *
 * Invariants: a page is made when it is first asked for and again when what stands in it has changed (texts, chapters, channels,
 * the day, on which a contact may have grown too old), never for each who asks; making one reads nothing of the database.
 */
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Context } from '../../app/ground/context.ts';
import type { Entrance } from '../../channels/entrance.ts';
import { handbookOf } from '../../conversation/chapters/handbook.ts';
import { freshAt } from '../../conversation/flows/outside-contacts.ts';
import { renderPage } from './render.ts';

const asGzip = promisify(gzip);
const asBrotli = promisify(brotliCompress);

/** One page, as each browser takes it. */
type MadePage = { plain: Buffer; gzip: Buffer; br: Buffer };

export type PublicPages = {
  /** Undefined: there is none in this language. `at`: the moment for which it is to hold. */
  page(language: string, at: Date): Promise<MadePage | undefined>;
  /** In which `/` is. */
  defaultLanguage(): string;
};

type Given = {
  ctx: Pick<Context, 'conversation' | 'settings'>;
  /** As they are known at the moment. */
  entrances: () => readonly Entrance[];
};

export function createPublicPages({ ctx, entrances }: Given): PublicPages {
  let made = new Map<string, Promise<MadePage>>();
  let madeOf: readonly unknown[] = [];

  return {
    async page(language, at) {
      const { conversation, settings } = ctx;
      if (!settings.languages.includes(language)) return undefined;
      const { flows, texts, unchecked = 'hidden' } = conversation;
      const fresh = freshAt(at, conversation);
      const known = entrances();
      const of = [flows, texts, unchecked, fresh.today, fresh.freshDays, JSON.stringify(known)];
      if (of.some((each, n) => each !== madeOf[n])) {
        made = new Map();
        madeOf = of;
      }
      const pages = made;
      const found = pages.get(language);
      if (found) return found;
      const page = make(() =>
        renderPage({
          handbook: handbookOf({ flows, texts, fresh, unchecked }, language),
          entrances: known,
          texts,
          languages: settings.languages,
          day: fresh.today,
        }),
      );
      pages.set(language, page);
      // What failed once is tried anew for the next who asks.
      page.catch(() => pages.get(language) === page && pages.delete(language));
      return page;
    },
    defaultLanguage: () => ctx.settings.defaultLanguage,
  };
}

async function make(render: () => string): Promise<MadePage> {
  const plain = Buffer.from(render());
  const [zipped, br] = await Promise.all([asGzip(plain, { level: 9 }), asBrotli(plain)]);
  return { plain, gzip: zipped, br };
}
