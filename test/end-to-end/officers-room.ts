/** The officer's room in a real browser, for stories: a world with a service, and phones whose passkeys compute (PRF). */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { listOfficers } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { invite, joiningLink } from '../../src/app/members/invitations.ts';
import { parseAddressList } from '../../src/kernel/addresses.ts';
import type { OfficerId } from '../../src/kernel/ids.ts';
import type { Role } from '../../src/kernel/vocabulary.ts';
import { addAuthenticator, sharedBrowser, type TestBrowser } from '../browser.ts';
import { type Telegram, telegram } from './messengers/telegram.ts';
import { openWorld, type World } from './world.ts';

/** Where pictures of the rooms are kept, for people to look at. */
const PICTURES = resolve(import.meta.dirname, '../../dist/pictures');
export const PHONE = { viewport: { width: 390, height: 780 } };
export const DESK = { viewport: { width: 1280, height: 800 } };

type Proxy = { url: string; close(): Promise<void> };
/** Starts a proxy in front of the service, which will listen on this port. */
type StartsProxy = (servicePort: number) => Promise<Proxy>;

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** What a service behind a proxy is told, without one: its address from outside, which links need. */
export const reachedDirectly: StartsProxy = async (port) => ({
  url: `http://localhost:${port}`,
  close: async () => undefined,
});

/** One for a file: the browser is opened once, the world anew for each story. */
export function officersRoom(startsProxy?: StartsProxy): OfficersRoom {
  const room = new OfficersRoom(startsProxy);
  beforeAll(() => room.opensBrowser());
  afterAll(() => room.closesBrowser());
  beforeEach(() => room.begins());
  afterEach(() => room.ends());
  return room;
}

export class OfficersRoom {
  world!: World<Telegram>;
  readonly #startsProxy: StartsProxy | undefined;
  #proxy: Proxy | undefined;
  #browser: TestBrowser | undefined;

  constructor(startsProxy?: StartsProxy) {
    this.#startsProxy = startsProxy;
  }

  get origin(): string {
    return this.#proxy?.url ?? this.world.origin();
  }

  async opensBrowser(): Promise<void> {
    this.#browser = await sharedBrowser();
  }

  async closesBrowser(): Promise<void> {
    await this.#browser?.close();
  }

  async begins(): Promise<void> {
    if (!this.#startsProxy) {
      this.world = await openWorld(telegram);
      return;
    }
    const port = await freePort();
    this.#proxy = await this.#startsProxy(port);
    const trustedProxy = parseAddressList('127.0.0.1');
    const config = { port, publicUrl: this.#proxy.url, ...(trustedProxy ? { trustedProxy } : {}) };
    this.world = await openWorld(telegram, { config });
  }

  async ends(): Promise<void> {
    await this.#browser?.closePages();
    await this.world.close();
    await this.#proxy?.close();
  }

  /** A page on a phone, whose passkeys are made by a device that also computes (PRF), unless said otherwise. */
  async phone({
    hasPrf = true,
    ...options
  }: BrowserContextOptions & { hasPrf?: boolean } = {}): Promise<Page> {
    if (!this.#browser) throw new Error('no browser');
    const page = await this.#browser.page({ ...PHONE, ...options });
    const devTools = await page.context().newCDPSession(page);
    await addAuthenticator(devTools, hasPrf);
    return page;
  }

  /** An invitation's link. */
  async invited(name: string, role: Role, officerId?: OfficerId): Promise<string> {
    const invited = await transact(this.world.ctx(), (at) =>
      invite(at, null, { name, role, ...(officerId ? { officerId } : {}) }),
    );
    if (!invited.ok) throw new Error(invited.reason);
    return joiningLink(this.origin, invited.code);
  }

  async officerNamed(name: string): Promise<OfficerId> {
    const all = await listOfficers(this.world.database.db, this.world.ctx());
    const found = all.find((each) => each.name === name);
    if (!found) throw new Error(`no officer ${name}`);
    return found.id;
  }

  /** The first administrator, who is the officer Kadi too, has joined and brought the team's key. */
  async kadiIsIn(page: Page): Promise<void> {
    await page.goto(await this.invited('Kadi', 'administrator', await this.officerNamed('Kadi')));
    await page.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
    await page.getByLabel('Ou la clé comme elle est imprimée').fill(this.world.teamSecret);
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('heading', { name: 'Alertes' }).waitFor();
  }

  /**
   * Brings a push to the worker, as the browser does; returns what it would show. This browser has no screen to show it on,
   * so that last step is looked at instead of done.
   */
  async deliverPush(page: Page, data: string): Promise<unknown> {
    const [worker] = page.context().serviceWorkers();
    if (!worker) throw new Error('no worker');
    await worker.evaluate(
      'self.registration.showNotification = async (title, { body, data }) => { self.shown = { title, body, data }; }',
    );
    const devTools = await page.context().newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      devTools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [found] = registrations;
        if (found) resolve(found.registrationId);
      });
    });
    await devTools.send('ServiceWorker.enable');
    const registrationId = await registered;
    await devTools.send('ServiceWorker.deliverPushMessage', { origin: this.origin, registrationId, data });
    await expect.poll(() => this.shownByWorker(page)).toBeTruthy();
    return this.shownByWorker(page);
  }

  /** What the worker has shown last, from the first push on. */
  async shownByWorker(page: Page): Promise<unknown> {
    const [worker] = page.context().serviceWorkers();
    return worker?.evaluate('self.shown');
  }

  /** The browser has another subscription now, and tells the worker. */
  async changePushTo(page: Page, to: object): Promise<void> {
    const [worker] = page.context().serviceWorkers();
    const given = `{ newSubscription: { toJSON: () => (${JSON.stringify(to)}) } }`;
    await worker?.evaluate(
      `self.dispatchEvent(Object.assign(new ExtendableEvent("pushsubscriptionchange"), ${given})), 0`,
    );
  }

  /** The member touches what the worker showed. */
  async touchPush(page: Page): Promise<void> {
    const [worker] = page.context().serviceWorkers();
    await worker?.evaluate(
      'self.dispatchEvent(Object.assign(new ExtendableEvent("notificationclick"), { notification: { close() {}, data: self.shown.data } })), 0',
    );
  }

  /** Nothing on the page that a screen reader or a keyboard stumbles over. The page must have been opened without CSP. */
  async isWell(page: Page, name: string): Promise<void> {
    await page.evaluate(axe.source);
    const found = await page.evaluate(
      'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((x) => x.target).join(" ")))',
    );
    expect(found, name).toEqual([]);
    await this.picture(page, name);
  }

  /** For people to look at, if they ask for it (`npm run pictures`): a picture takes half a second. */
  async picture(page: Page, name: string): Promise<void> {
    if (!process.env.LAKANA_PICTURES) return;
    await mkdir(PICTURES, { recursive: true });
    await writeFile(join(PICTURES, `${name}.png`), await page.screenshot({ fullPage: true }));
  }
}
