/** The simulator's page in a browser, and the two people who hold the phones on it. */
import type { Locator, Page } from 'playwright-core';
import type { TestBrowser } from './browser.ts';

export type TwoPhones = {
  page: Page;
  defender: Holder;
  officer: Holder;
  /** What went wrong inside the page. */
  complaints: string[];
};

/** A person with a phone in hand: does what fingers do, reads what stands on the screen. */
type Holder = ReturnType<typeof holderOf>;

/** Opens the page; resolves when both phones are listened to. */
export async function openTwoPhones(
  browser: TestBrowser,
  url: string,
  options: Parameters<TestBrowser['page']>[0] = {},
): Promise<TwoPhones> {
  const page = await browser.page(options);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  await bothAreThere(page);
  return {
    page,
    complaints,
    defender: holderOf(page.getByRole('region', { name: 'Téléphone de la personne', includeHidden: true })),
    officer: holderOf(page.getByRole('region', { name: 'Téléphone de la permanence', includeHidden: true })),
  };
}

/** Resolves when both phones are listened to: what comes from now on is news. */
export async function bothAreThere(page: Page): Promise<void> {
  await page.locator('[role=log][aria-busy=false]').nth(1).waitFor({ state: 'attached' });
}

function holderOf(phone: Locator) {
  const messages = phone.getByRole('log').getByRole('listitem');
  const field = phone.getByRole('textbox', { name: 'Message' });
  // Answers carry their number.
  const button = (name: string) =>
    phone.getByRole('button', { name: new RegExp(`^(\\d+\\. )?${escaped(name)}$`) });
  /** The newest message with these words. */
  const message = (words: string) => messages.filter({ hasText: words }).last();
  return {
    phone,
    field,
    button,
    message,
    /** Writes and sends. */
    async says(text: string): Promise<void> {
      await field.fill(text);
      await field.press('Enter');
    },
    /** Presses the newest button of this name. */
    presses: (name: string): Promise<void> => button(name).last().click(),
    /** Waits until a message with these words is the newest that the service has sent; resolves with all of it. */
    async reads(words: string): Promise<string> {
      const newest = phone.locator('.message.is-theirs').last();
      await newest.filter({ hasText: words }).waitFor();
      // French spaces that do not break are spaces to a reader.
      return (await newest.allInnerTexts()).join().replaceAll('\u00a0', ' ');
    },
    /** Everything that stands on the screen now. */
    screen: (): Promise<string[]> => messages.allInnerTexts(),
    sendsPhoto: (buffer: Buffer): Promise<void> =>
      phone
        .locator('input[type=file]')
        .setInputFiles({ name: 'IMG_2041.png', mimeType: 'image/png', buffer }),
    /** Speaks into the microphone for a second. */
    async sendsVoice(): Promise<void> {
      await button('Enregistrer une note vocale').click();
      await phone.getByText('0:01').waitFor();
      await button('Envoyer').click();
    },
  };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether the top of it lies within its list of messages. */
export function isInSight(place: Locator): Promise<boolean> {
  return place.evaluate((element) => {
    const list = element.closest('.messages')?.getBoundingClientRect();
    const { top } = element.getBoundingClientRect();
    return list !== undefined && list.height > 0 && top >= list.top && top < list.bottom;
  });
}

/** Words on buttons that are broken in two or end outside of their button. */
export function cutWords(phone: Locator): Promise<string[]> {
  return phone.locator('.choice').evaluateAll((buttons) =>
    buttons.flatMap((button) => {
      const edge = button.getBoundingClientRect();
      return [...button.childNodes].flatMap((node) =>
        [...(node.textContent ?? '').matchAll(/\S+/g)].flatMap((word) => {
          const range = button.ownerDocument.createRange();
          range.setStart(node, word.index);
          range.setEnd(node, word.index + word[0].length);
          const [box, ...more] = [...range.getClientRects()];
          const isWhole = box && more.length === 0 && box.left >= edge.left && box.right <= edge.right;
          return isWhole ? [] : [word[0]];
        }),
      );
    }),
  );
}
