/** Leaflet and poster, as an operator prints them, and as they are read back: by another program than the one that made them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import jsQR from 'jsqr';
import * as mupdf from 'mupdf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafletFile } from '../../src/commands/print/leaflet.ts';
import { posterFile } from '../../src/commands/print/poster.ts';
import { handbookOf } from '../../src/conversation/chapters/handbook.ts';
import { sharedBrowser, type TestBrowser } from '../browser.ts';
import { conversation, texts } from '../conversation/person.ts';
import { flowsWithContacts } from '../outside-contacts.ts';
import { operator } from './lakana.ts';

const REACH = ['telegram=@LakanaMaliBot', 'whatsapp=70 00 00 00'];

let office: Awaited<ReturnType<typeof operator>>;
let browser: TestBrowser;
beforeAll(async () => {
  office = await operator();
  browser = await sharedBrowser();
});
afterAll(async () => {
  await office.leaves();
  await browser.close();
});

type Box = { x: number; y: number; width: number; height: number };
/** Words of a PDF with where they stand, in millimetres, and its sides as pictures. */
async function readBack(name: string) {
  const document = mupdf.Document.openDocument(
    await readFile(join(office.folder, 'print', name)),
    'application/pdf',
  );
  return Array.from({ length: document.countPages() }, (_, n) => {
    const page = document.loadPage(n);
    const [, , width = 0, height = 0] = page.getBounds();
    const { blocks } = JSON.parse(page.toStructuredText('preserve-whitespace').asJSON()) as {
      blocks: { lines?: { text: string; bbox: { x: number; y: number; w: number; h: number } }[] }[];
    };
    const lines = blocks.flatMap((block) => block.lines ?? []);
    const mm = (points: number) => (points / 72) * 25.4;
    return {
      size: [Math.round(mm(width)), Math.round(mm(height))],
      lines: lines.map(({ text, bbox: { x, y, w, h } }) => ({
        text: text.replaceAll('\u00a0', ' '),
        box: { x: mm(x), y: mm(y), width: mm(w), height: mm(h) } satisfies Box,
      })),
      text: lines
        .map(({ text }) => text)
        .join(' ')
        .replaceAll(/\s+/g, ' '),
      picture: page.toPixmap(mupdf.Matrix.scale(3, 3), mupdf.ColorSpace.DeviceRGB, false),
    };
  });
}

type Side = Awaited<ReturnType<typeof readBack>>[number];

/** What a camera reads that is held over the square above each of these words. */
function squaresAbove({ picture, lines, size }: Side, labels: readonly string[]): (string | undefined)[] {
  const boxes = labels.map((label) => lines.find(({ text }) => text.includes(label))?.box);
  const [first, second] = boxes.map((box) => (box ? box.x + box.width / 2 : 0));
  const apart = Math.abs((second ?? 0) - (first ?? 0));
  const perMm = picture.getWidth() / (size[0] ?? 1);
  return boxes.map((box) => {
    if (!box) return undefined;
    const middle = box.x + box.width / 2;
    const [left, top, bottom] = [middle - apart / 2, box.y - 1.35 * apart, box.y].map((mm) =>
      Math.round(mm * perMm),
    );
    return readSquare(picture, {
      left: left ?? 0,
      top: top ?? 0,
      width: Math.round(apart * perMm),
      height: (bottom ?? 0) - (top ?? 0),
    });
  });
}

function readSquare(
  picture: mupdf.Pixmap,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
): string | undefined {
  const [whole, pixels] = [picture.getWidth(), picture.getPixels()];
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = ((top + y) * whole + left + x) * 3;
      rgba.set(pixels.subarray(from, from + 3), (y * width + x) * 4);
    }
  return jsQR.default(rgba, width, height)?.data;
}

describe('an operator who prints', () => {
  it('gets a leaflet of two sides and a poster, with what they are and how they are folded', async () => {
    const said = await office.lakana('mechanism', 'print', '--reach', ...REACH);
    expect(said.err).toBe('');
    expect(said.code).toBe(0);
    expect(said.out).toContain('✓ print/leaflet-fr.pdf\n✓ print/poster-fr.pdf');
    expect(said.out).toContain('turned over the short edge');
    expect((await readBack('leaflet-fr.pdf')).map(({ size }) => size)).toEqual([
      [297, 210],
      [297, 210],
    ]);
    expect((await readBack('poster-fr.pdf')).map(({ size }) => size)).toEqual([[297, 420]]);
  });

  it('has squares on both that lead a camera to the bot and to the number, which stand beside them in words', async () => {
    const links = ['https://t.me/LakanaMaliBot', 'https://wa.me/22370000000'];
    for (const name of ['leaflet-fr.pdf', 'poster-fr.pdf']) {
      const [front] = await readBack(name);
      expect(front?.text).toContain('@LakanaMaliBot');
      expect(front?.text).toContain('+223 70 00 00 00');
      expect(front && squaresAbove(front, ['@LakanaMaliBot', '+223 70 00 00 00']), name).toEqual(links);
    }
  });

  it('reads in the right order once it is folded: the cover, the chapters with the last one beside them, the back', async () => {
    const [outside, inside] = await readBack('leaflet-fr.pdf');
    const panelOf = (side: typeof outside, words: string): number | undefined => {
      const line = side?.lines.find(({ text }) => text.includes(words));
      return line && Math.floor(line.box.x / 99);
    };
    const title = (page: string) => texts.t('fr', `mechanism.${page}.title`);
    expect(panelOf(outside, texts.t('fr', 'public.print.danger'))).toBe(2);
    expect(panelOf(outside, texts.t('fr', 'public.print.elsewhere'))).toBe(1);
    expect(panelOf(outside, title('taken'))).toBe(0);
    const order = [
      'defender',
      'law',
      'mechanism',
      'cndh',
      'refer',
      'said',
      'state',
      'region',
      'world',
      'answer',
      'protect',
    ];
    const places = order.map((each) => inside?.text.indexOf(title(each)) ?? -1);
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(panelOf(inside, title('defender'))).toBe(0);
    expect(panelOf(inside, title('protect'))).toBe(2);
  });

  it('finds no line cut off, across a fold or nearer than 8 mm to an edge, and nothing that no one has checked', async () => {
    const [outside, inside] = await readBack('leaflet-fr.pdf');
    const near = (side: typeof outside, folds: number[]) =>
      (side?.lines ?? [])
        .filter(({ box: { x, y, width, height } }) => {
          const isAcross = folds.some((fold) => x < fold - 4 && x + width > fold + 4);
          return isAcross || x < 8 || y < 8 || x + width > 289 || y + height > 202;
        })
        .map(({ text }) => text);
    expect(near(outside, [97, 197])).toEqual([]);
    expect(near(inside, [100, 200])).toEqual([]);
    const { facts } = conversation.flows.knowledge;
    for (const [id, { checked_on: checked }] of Object.entries(facts))
      if (checked === undefined)
        expect(`${outside?.text} ${inside?.text}`, id).not.toContain(texts.t('fr', `facts.${id}`));
    // Every sentence is there to its end.
    for (const page of ['defender', 'answer', 'protect'])
      expect(inside?.text).toContain(lastWordsOf(`mechanism.${page}`));
  });

  it('gets files for any browser with --html, and in another language', async () => {
    const said = await office.lakana(
      'mechanism',
      'print',
      '--html',
      '--language',
      'en',
      '--reach',
      ...REACH,
      '--out',
      'paper',
    );
    expect(said.out).toContain('✓ paper/leaflet-en.html');
    const file = await readFile(join(office.folder, 'paper/leaflet-en.html'), 'utf8');
    expect(file).toContain('<html lang="en">');
    expect(file).toContain('In danger? Write SOS.');
    expect(file).not.toMatch(/<script|https?:\/\/[^"]*\.(js|css|png|woff)/);
  });

  it('is told in one line what is missing: no channel, one of two, no such language, what is no address', async () => {
    const says = async (...args: string[]) => {
      const { code, out, err } = await office.lakana('mechanism', 'print', '--html', ...args);
      return { code, lines: `${err}${out}`.trim().split('\n') };
    };
    const none = await says();
    expect(none.code).toBe(1);
    expect(none.lines).toHaveLength(1);
    expect(none.lines[0]).toMatch(/no channel is known\..*TELEGRAM_BOT_TOKEN.*WHATSAPP=on/);
    const one = await says('--reach', 'telegram=@LakanaMaliBot');
    expect([one.code, one.lines[0]]).toEqual([
      0,
      '! whatsapp is not on it: set WHATSAPP=on and link the number (whatsapp pair), or give --reach whatsapp=+223…',
    ]);
    for (const [args, line] of [
      [['--language', 'de', '--reach', REACH[0]], /--language de: give one of fr, en/],
      [['--reach', 'telegram=a b'], /--reach telegram=a b: this is no address there/],
      [['--reach', 'pigeon=x'], /--reach pigeon=x: the kinds are telegram, whatsapp/],
    ] as const) {
      const refused = await says(...args.map(String));
      expect([refused.code, refused.lines.length]).toEqual([1, 1]);
      expect(refused.lines[0]).toMatch(line);
    }
  });
});

describe('what any browser prints', () => {
  const contacts = Object.fromEntries(
    ['fld', 'observatory', 'comaddh', 'amdh', 'access_now', 'protectdefenders', 'wahrdn', 'un_ced'].map(
      (code) => [
        code,
        {
          name: code,
          contact: '+000 11 22 33 44 / aide@example.org',
          verified_on: '2026-11-01',
          always: 'yes',
        },
      ],
    ),
  );
  const entrances = [
    { kind: 'telegram' as const, shown: '@LakanaMaliBot', link: 'https://t.me/LakanaMaliBot' },
    { kind: 'whatsapp' as const, shown: '+223 70 00 00 00', link: 'https://wa.me/22370000000' },
  ];
  const printedOn = (day: string, language: string) => ({
    handbook: handbookOf(
      {
        flows: flowsWithContacts(conversation.flows, contacts),
        texts,
        fresh: { today: day, freshDays: 180 },
        unchecked: 'marked',
      },
      language,
    ),
    entrances,
    texts,
    pageAddress: 'lakana.example.org',
    day,
  });

  it.each(['fr', 'en'])(
    'is whole without a browser of ours that measured it, in %s, with all that can stand on it',
    async (language) => {
      const printed = printedOn('2026-11-24', language);
      const page = await browser.page();
      for (const file of [leafletFile(printed), posterFile(printed)]) {
        await page.setContent(file);
        const full = await page.evaluate<string[]>(
          `[...document.querySelectorAll('.panel, .columns, .poster')]
          .filter((e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1).map((e) => e.id)`,
        );
        expect(full).toEqual([]);
      }
    },
  );

  it('names a contact outside on the day on which it still counts as verified, and none the day after', () => {
    expect(leafletFile(printedOn('2027-04-30', 'fr'))).toContain('+000 11 22 33 44');
    expect(leafletFile(printedOn('2027-05-01', 'fr'))).not.toContain('+000 11 22 33 44');
  });
});

/** The last sentence of a page. */
function lastWordsOf(path: string): string {
  const [{ pages: [page] = [] } = {}] = handbookOf(
    { flows: conversation.flows, texts, fresh: { today: '2026-11-24', freshDays: 180 }, unchecked: 'hidden' },
    'fr',
  ).chapters.filter(({ id }) => `mechanism.${id}` === path);
  return page?.lines.at(-1)?.text.replaceAll('\n', ' ') ?? 'no such page';
}
