import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { join } from '../../src/app/voices/ogg.ts';
import { RED_SQUARE, sharedBrowser, type TestBrowser } from '../browser.ts';
import { recording } from '../ogg.ts';
import { openTwoPhones } from '../two-phones.ts';
import { PAGE_TEXT, type ScriptedService, startScriptedService } from './scripted-service.ts';

let browser: TestBrowser;
let service: ScriptedService;
let page: Page;
let complaints: string[] = [];
let defender: Locator;
let officer: Locator;

beforeAll(async () => {
  browser = await sharedBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  service = await startScriptedService();
  await opens({ viewport: { width: 1440, height: 900 } });
});
afterEach(async () => {
  await page.context().close();
  await service.close();
});

async function opens(options: Parameters<TestBrowser['page']>[0]): Promise<void> {
  const phones = await openTwoPhones(browser, service.url, options);
  ({ page, complaints } = phones);
  defender = phones.defender.phone;
  officer = phones.officer.phone;
}

async function writes(phone: Locator, text: string): Promise<void> {
  const field = phone.getByRole('textbox', { name: 'Message' });
  await field.fill(text);
  await field.press('Enter');
}

const contents = () => service.messages.map(({ address, content }) => ({ address, ...content }));
const isRinging = (phone: Locator) => phone.getByText('Appel : une alerte est arrivée').isVisible();

describe('a person who plays the story', () => {
  test('writes, sends an SOS, sees the officer called, takes the alert, and the defender learns it', async () => {
    await defender.getByRole('button', { name: 'Bonjour' }).click();
    await defender.getByText('Êtes-vous en danger').waitFor();
    await writes(defender, 'SOS');
    await officer.getByText('ALERTE critique').waitFor();
    await expect.poll(() => isRinging(officer)).toBe(true);
    await expect.poll(() => page.title()).toContain('La permanence est appelée');
    await officer.getByRole('button', { name: 'Je prends' }).click();
    await defender.getByText('14:02 – bien reçu.').waitFor();
    await officer.getByText('Prise par vous à 14:02.').waitFor();
    await officer.getByText('modifié').waitFor();
    await expect.poll(() => officer.getByRole('button', { name: 'Je prends' }).count()).toBe(0);
    await expect.poll(() => isRinging(officer)).toBe(false);
    await expect.poll(() => page.title()).toBe('Lakana – essai');
    await expect.poll(() => page.getByText('(fait)').count()).toBe(3);
    expect(complaints).toEqual([]);
  });

  test('reads at once that nothing is protected, in French and in English', async () => {
    await page.getByText('Rien ici n’est protégé').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('Nothing here is protected. Do not make a real report.').waitFor();
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('en');
    await page.reload();
    await page.getByRole('region', { name: 'The person’s phone' }).waitFor();
    // In no language are people called by the field's word.
    expect(await page.locator('body').textContent()).not.toMatch(/the defender/i);
  });

  test('starts again with a phone that the service does not know', async () => {
    await writes(defender, 'premier');
    await defender.getByText('Êtes-vous en danger').waitFor();
    await page.getByRole('button', { name: 'Recommencer' }).click();
    await defender.getByText('Écrivez à Lakana').waitFor();
    await writes(defender, 'second');
    await defender.getByText('Êtes-vous en danger').waitFor();
    const [first, second] = service.messages;
    expect(first?.address).toBe('defender');
    expect(second?.address).toMatch(/^defender-[a-z0-9]+$/);
  });

  test('can do it all without a mouse', async () => {
    await defender.getByRole('textbox', { name: 'Message' }).focus();
    await page.keyboard.type('bonjour');
    await page.keyboard.press('Enter');
    await defender.getByText('Êtes-vous en danger').waitFor();
    await defender.getByRole('button', { name: 'Oui, maintenant' }).focus();
    await page.keyboard.press('Enter');
    await defender.getByText('Noté : r:1:now.').waitFor();
    await defender.getByRole('button', { name: 'Joindre' }).focus();
    await page.keyboard.press('Enter');
    await defender.getByRole('button', { name: 'Un lieu' }).waitFor();
    await page.keyboard.press('Escape');
    await defender.getByRole('button', { name: 'Un lieu' }).waitFor({ state: 'detached' });
  });
});

describe('a phone on the page', () => {
  test('replies to a message, which stands over the reply, and the service learns which', async () => {
    await writes(defender, 'un');
    await defender.getByText('Êtes-vous en danger').waitFor();
    await writes(defender, 'deux');
    await defender.getByText('Êtes-vous en danger').nth(1).waitFor();
    await defender.getByRole('button', { name: 'Répondre à ce message' }).first().click();
    await defender.getByText('Réponse à : « Êtes-vous en danger maintenant ? »').waitFor();
    await writes(defender, 'non');
    await expect.poll(() => service.messages.length).toBe(3);
    const [first] = service.asked;
    expect(service.messages.at(-1)).toMatchObject({ repliesTo: first, content: { text: 'non' } });
    const reply = defender.getByRole('listitem').filter({ hasText: 'non' }).first();
    await reply.getByText('Êtes-vous en danger maintenant ?').waitFor();
    // The next one replies to nothing, and a reply that was begun can be left.
    await defender.getByRole('button', { name: 'Répondre à ce message' }).first().click();
    await defender.getByRole('button', { name: 'Annuler' }).click();
    await writes(defender, 'trois');
    await expect.poll(() => service.messages.length).toBe(4);
    expect(service.messages.at(-1)?.repliesTo).toBeUndefined();
  });

  test('sends a contact card, and shows it', async () => {
    await defender.getByRole('button', { name: 'Joindre' }).click();
    await defender.getByRole('button', { name: 'Un contact' }).click();
    await defender.getByText('Fanta, un exemple').waitFor();
    await expect.poll(() => contents().length).toBe(1);
    expect(contents()).toEqual([
      { address: 'defender', kind: 'card', what: 'contact', words: 'Fanta, un exemple\n+223 70 00 00 00' },
    ]);
  });

  test('sends several lines as one message, and shows when the service has it', async () => {
    const field = defender.getByRole('textbox', { name: 'Message' });
    await field.fill('une ligne');
    await field.press('Shift+Enter');
    await field.pressSequentially('et une autre');
    await field.press('Enter');
    await defender.getByTitle('reçu par le service').waitFor();
    expect(contents()).toEqual([{ address: 'defender', kind: 'text', text: 'une ligne\net une autre' }]);
  });

  test('shows what was written as words, whatever they look like', async () => {
    await writes(defender, '<img src=x onerror=alert(1)> <b>gras</b>');
    await defender.getByText('<img src=x onerror=alert(1)> <b>gras</b>').waitFor();
    expect(await defender.locator('.text b').count()).toBe(0);
  });

  test('lets a button of an old message be pressed', async () => {
    await writes(defender, 'un');
    await defender.getByText('Êtes-vous en danger').waitFor();
    await writes(defender, 'deux');
    await defender.getByText('Êtes-vous en danger').nth(1).waitFor();
    await defender.getByRole('button', { name: 'Je ne sais pas' }).first().click();
    await defender.getByText('Noté : r:1:unknown.').waitFor();
    const questions = service.messages.filter(({ content }) => content.kind === 'button');
    expect(questions).toHaveLength(1);
  });

  test('says so when the button was taken away in the same moment', async () => {
    const reference = await service.page();
    const button = officer.getByRole('button', { name: 'Je prends' });
    await button.waitFor();
    // The change overtakes the press on its way to the service.
    await page.route('**/messages', async (route) => {
      await service.channel.edit('officer', reference, { text: 'Prise par une collègue' }, never());
      await route.continue();
    });
    await button.click();
    await officer.getByText('Ce bouton n’est plus là').waitFor();
  });

  test('sends a voice note from the microphone, and plays it', async () => {
    await page.context().grantPermissions(['microphone']);
    await defender.getByRole('button', { name: 'Enregistrer une note vocale' }).click();
    await defender.getByText('Enregistrement').waitFor();
    await defender.getByText('0:01').waitFor();
    await defender.getByRole('button', { name: 'Envoyer' }).click();
    await defender.getByText('Reçu. Ce sera enregistré').waitFor();
    const [voice] = contents();
    expect(voice).toMatchObject({ kind: 'file', file: { kind: 'voice', mediaType: 'audio/webm' } });
    expect(voice?.kind === 'file' && voice.file.size).toBeGreaterThan(100);
    await defender.getByRole('button', { name: 'Écouter' }).click();
    await defender.getByRole('button', { name: 'Pause' }).waitFor();
  });

  test('hears a voice note of the service', async () => {
    const { bytes, seconds } = await join([recording('danger', { seconds: 2 }), recording('un')]);
    await service.channel.send('defender', { text: '', voice: { bytes, seconds } }, never());
    await defender.getByRole('button', { name: 'Écouter' }).click();
    await defender.getByRole('button', { name: 'Pause' }).waitFor();
    // Played to its end, and ready to be heard again.
    await defender.getByRole('button', { name: 'Écouter' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('sends nothing of a recording that was cancelled', async () => {
    await defender.getByRole('button', { name: 'Enregistrer une note vocale' }).click();
    await defender.getByText('Enregistrement').waitFor();
    await defender.getByRole('button', { name: 'Annuler' }).click();
    await writes(defender, 'plutôt par écrit');
    await defender.getByText('Êtes-vous en danger').waitFor();
    expect(contents()).toMatchObject([{ kind: 'text' }]);
  });

  test('sends a sample voice note where there is no microphone, and says so', async () => {
    await page.evaluate('navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error("none"))');
    await defender.getByRole('button', { name: 'Enregistrer une note vocale' }).click();
    await defender.getByText('Reçu. Ce sera enregistré').waitFor();
    expect(contents()).toMatchObject([
      { kind: 'file', file: { kind: 'voice', mediaType: 'audio/wav', seconds: 3 } },
    ]);
  });

  test('sends a photo and shows it', async () => {
    const picker = defender.locator('input[type=file]');
    await picker.setInputFiles({ name: 'IMG_2041.png', mimeType: 'image/png', buffer: RED_SQUARE });
    await defender.getByText('Reçu. Ce sera enregistré').waitFor();
    expect(contents()).toMatchObject([{ kind: 'file', file: { kind: 'photo', size: RED_SQUARE.length } }]);
    // The name of the file stays on the device.
    expect(JSON.stringify(contents())).not.toContain('IMG_2041');
    await page.waitForFunction('document.querySelector(".photo")?.naturalWidth === 1');
  });

  test('changes a message that was sent', async () => {
    await writes(defender, 'Kayes');
    await defender.getByText('Kayes').hover();
    await defender.getByRole('button', { name: 'Modifier' }).click();
    await writes(defender, 'Kati');
    await defender.getByText('Kati').waitFor();
    await defender.getByText('modifié').waitFor();
    await expect.poll(() => contents().at(-1)).toMatchObject({ text: 'Kati', edited: true });
  });

  test('loses what the service takes back', async () => {
    const reference = await service.page();
    await officer.getByText('ALERTE critique').waitFor();
    await service.channel.retract('officer', reference, never());
    await officer.getByText('ALERTE critique').waitFor({ state: 'detached' });
  });

  test('can be blocked and taken off the network', async () => {
    await defender.getByRole('button', { name: 'Plus de gestes' }).click();
    await defender.getByRole('button', { name: 'Bloquer le service' }).click();
    await defender.getByText('Vous avez bloqué le service.').waitFor();
    await defender.getByRole('button', { name: 'Plus de gestes' }).click();
    await defender.getByRole('button', { name: 'Débloquer le service' }).click();
    await expect.poll(() => contents().map(({ kind }) => kind)).toEqual(['blocked', 'unblocked']);
    await officer.getByRole('button', { name: 'Plus de gestes' }).click();
    await officer.getByRole('button', { name: 'Couper le réseau' }).click();
    await officer.getByText('Ce téléphone est hors réseau.').waitFor();
    expect(await service.page()).toBe('');
  });
});

describe('the officer’s phone', () => {
  test('does not ring for a quiet page', async () => {
    await service.page(true);
    await officer.getByTitle('sans sonnerie').waitFor();
    await expect.poll(() => isRinging(officer)).toBe(false);
  });

  test('does not ring for old pages when the page of the browser is opened', async () => {
    await service.page();
    await officer.getByText('ALERTE critique').waitFor();
    await page.reload();
    await officer.getByText('ALERTE critique').waitFor();
    await expect.poll(() => isRinging(officer)).toBe(false);
  });

  test('falls silent as soon as it is touched, and rings again for the next page', async () => {
    await service.page();
    await officer.getByText('Appel : une alerte est arrivée').waitFor();
    await officer.getByText(PAGE_TEXT.split('\n')[0] ?? '').click();
    await officer.getByText('Appel : une alerte est arrivée').waitFor({ state: 'detached' });
    await service.page();
    await officer.getByText('Appel : une alerte est arrivée').waitFor();
  });

  test('has a sound that is off until a person turns it on', async () => {
    await officer.getByRole('button', { name: 'Activer la sonnerie' }).click();
    const off = officer.getByRole('button', { name: 'Couper la sonnerie' });
    await expect.poll(() => off.getAttribute('aria-pressed')).toBe('true');
    expect(complaints).toEqual([]);
  });
});

describe('a service that goes away', () => {
  test('is missed calmly, keeps no one’s words, and is found again by itself', async () => {
    await writes(defender, 'avant');
    await defender.getByText('Êtes-vous en danger').waitFor();
    await service.close();
    await defender.getByText('Connexion perdue. Nouvel essai…').waitFor();
    await writes(defender, 'pendant');
    await defender.getByText('Pas envoyé : le service ne répond pas.').waitFor();
    await expect.poll(() => defender.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('pendant');
    service = await startScriptedService(service.port);
    await defender.getByText('Le service a redémarré.').waitFor();
    await defender.getByRole('textbox', { name: 'Message' }).press('Enter');
    await defender.getByText('Êtes-vous en danger').waitFor();
    expect(contents()).toMatchObject([{ text: 'pendant' }]);
    await expect.poll(() => defender.getByText('Connexion perdue').count()).toBe(0);
  });
});

describe('on a small screen', () => {
  test('one phone stands at a time, nothing sticks out, and the other one is heard', async () => {
    await page.context().close();
    await opens({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await defender.waitFor();
    await expect.poll(() => officer.isVisible()).toBe(false);
    await writes(defender, 'SOS');
    const tab = page.getByRole('button', { name: 'La permanence' });
    await page.locator('.tabs .is-ringing').waitFor();
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await tab.tap();
    await officer.getByRole('button', { name: 'Je prends' }).tap();
    await officer.getByText('Prise par vous à 14:02.').waitFor();
    await expect.poll(() => defender.isVisible()).toBe(false);
  });
});

function never(): AbortSignal {
  return new AbortController().signal;
}
