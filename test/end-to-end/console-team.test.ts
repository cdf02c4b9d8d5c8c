/** Devices, colleagues and keys: added, lost, given and changed. */
import { describe, expect, test } from 'vitest';
import { addPush } from '../../src/app/duty/officer-contacts.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { fingerprint } from '../../src/crypto/fingerprint.ts';
import { sealGrant, vouchFor } from '../../src/crypto/member-key.ts';
import { readCase } from '../case-file.ts';
import { everythingIn } from '../everything-in.ts';
import { startGateway } from '../fakes/paging/gateways.ts';
import { senderOf, subscribedBrowser } from '../fakes/paging/push-browser.ts';
import { cries } from './duty.ts';
import { officersRoom } from './officers-room.ts';

const room = officersRoom();

type Subscribed = ReturnType<typeof subscribedBrowser>;

describe('an officer whose page is closed', () => {
  test('is rung by a push that says "alert" and the reference, and nothing more; it opens the case', async () => {
    const service = await startGateway();
    const kadi = await room.world.enrolOfficer('Kadi');
    const page = await room.phone({ permissions: ['notifications'] });
    await room.kadiIsIn(page);
    await page.getByRole('link', { name: 'Mes connexions' }).click();
    // This browser knows no push service: it subscribes at ours.
    const [first, second, browserOf] = ([1, 2, 3] as const).map((n) =>
      subscribedBrowser(`${service.url}/push/${n}`),
    ) as [Subscribed, Subscribed, Subscribed];
    await page.evaluate(`(() => {
      const given = ${JSON.stringify([first.subscription, second.subscription])};
      window.subscribed = (one) => {
        window.here = { ...one, expirationTime: null, toJSON: () => one, unsubscribe: async () => { window.here = null; } };
        return window.here;
      };
      PushManager.prototype.getSubscription = async () => window.here ?? null;
      PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
        window.subscribedWith = applicationServerKey;
        return window.subscribed(given.shift());
      };
    })()`);
    await page.getByRole('button', { name: 'Faire sonner cet appareil' }).click();
    await page.getByText('Cet appareil sonne à chaque alerte.').waitFor();
    await room.picture(page, 'push-is-on');
    const held = async (): Promise<string> =>
      (
        await room.world.database
          .sql`select push_contact_id as id from passkeys where push_contact_id is not null`
      )
        .map(({ id }) => id as string)
        .join();
    // Its push service says that this device is gone (410): the page sees it, and subscribes again by itself.
    const firstHeld = await held();
    await room.world.database.sql`update contacts set blocked_at = now() where channel = 'push'`;
    await page.getByRole('link', { name: 'À traiter' }).click();
    await page.getByRole('link', { name: 'Mes connexions' }).click();
    await page.getByText('Cet appareil sonne à chaque alerte.').waitFor();
    const secondHeld = await held();
    expect(secondHeld).not.toBe(firstHeld);
    // The browser gives itself another one while the page is not asked: the worker tells the service.
    await page.evaluate(`window.subscribed(${JSON.stringify(browserOf.subscription)}), 0`);
    await room.changePushTo(page, browserOf.subscription);
    await expect.poll(held).not.toBe(secondHeld);
    service.answer({ status: 201 });
    const awa = room.world.person('Awa');
    const reference = await cries(awa);
    await kadi.seesText(reference);
    await expect.poll(() => service.requests.length).toBe(1);
    const [request] = service.requests;
    expect(request?.path).toBe('/push/3');
    const said = browserOf.open(request?.bytes ?? Buffer.alloc(0));
    expect(said).toEqual({ reference });
    expect(request?.headers).toMatchObject({ urgency: 'high', 'content-encoding': 'aes128gcm' });
    expect(JSON.stringify(request?.headers)).not.toContain(reference);
    const sender = senderOf(request?.headers.authorization ?? '');
    expect(sender).toMatchObject({ aud: service.url });
    expect(await page.evaluate('window.subscribedWith')).toBe(sender?.key);
    // The browser brings it to the worker.
    const shown = await room.deliverPush(page, JSON.stringify(said));
    expect(shown).toMatchObject({ title: 'Alerte', body: reference });
    // Touched, it opens the case: here in the page that is there, and unlocked.
    await room.touchPush(page);
    await page.getByRole('heading', { name: new RegExp(reference) }).waitFor();
    await page.getByRole('link', { name: 'Mes connexions' }).click();
    await page.getByRole('button', { name: 'Ne plus faire sonner cet appareil' }).click();
    await page.getByRole('button', { name: 'Faire sonner cet appareil' }).waitFor();
    const later = await cries(room.world.person('Binta'));
    await kadi.seesText(later);
    await room.world.isQuiet();
    expect(service.requests).toHaveLength(1);
    const all = await everythingIn(room.world.database);
    expect(all.includes(browserOf.subscription.keys.p256dh)).toBe(false);
    expect(all.includes('/push/')).toBe(false);
    // Where no member is signed in any more the service cannot be told of another one: the person is.
    await page.context().clearCookies();
    await room.changePushTo(page, second.subscription);
    const isSilent = { title: 'Cet appareil ne sonne plus', body: 'Ouvrez cette page une fois.' };
    await expect.poll(() => room.shownByWorker(page)).toMatchObject(isSilent);
    await service.close();
  });

  test('is no longer rung there when the browser has unsubscribed', async () => {
    const service = await startGateway();
    service.answer({ status: 410 });
    const kadi = await room.world.enrolOfficer('Kadi');
    const { subscription } = subscribedBrowser(`${service.url}/push/2`);
    const officerId = await room.officerNamed('Kadi');
    await transact(room.world.ctx(), (at) => addPush(at, officerId, subscription));
    await kadi.seesText(await cries(room.world.person('Awa')));
    await expect.poll(() => service.requests.length).toBe(1);
    await kadi.seesText(await cries(room.world.person('Binta')));
    await room.world.isQuiet();
    expect(service.requests).toHaveLength(1);
    await service.close();
  });
});

describe('a team that a member leaves', () => {
  test('changes its key: old cases are sealed anew, new ones to the new key, and the old key opens nothing any more', async () => {
    await room.world.enrolOfficer('Kadi');
    const kadi = await room.phone();
    await room.kadiIsIn(kadi);
    const awa = room.world.person('Awa');
    const before = await cries(awa);
    await awa.says('Ils sont revenus devant la maison.');
    await awa.seesText('écrire ici sans danger');
    await kadi.getByRole('link', { name: 'Équipe' }).click();
    await kadi.getByRole('button', { name: 'Faire une nouvelle clé' }).click();
    const next = ((await kadi.locator('.sheet code').textContent()) ?? '').trim();
    await room.picture(kadi, 'next-key');
    const address =
      (await kadi.getByRole('link', { name: 'Enregistrer le fichier public' }).getAttribute('href')) ?? '';
    const recipient = decodeURIComponent(address.split(',')[1] ?? '').trim();
    // Nothing is sealed to it yet: the operator decides.
    const rows = () =>
      room.world.database.sql`select key_fingerprint as key, count(*)::int as n from case_wraps group by 1`;
    expect((await rows()).map(({ key }) => key)).toEqual([fingerprint(room.world.teamRecipient)]);
    expect(await room.world.doctor()).toContainEqual(
      expect.stringContaining('new team key: the next one is made'),
    );
    await room.world.stops();
    room.world.pinsTeamKey(recipient);
    await room.world.starts();
    expect(await room.world.doctor()).toContainEqual(
      'new team key: 1 cases open only with the one from before',
    );
    const after = await cries(room.world.person('Binta'));
    await kadi.goto(`${room.world.origin()}/console/#/people`);
    await kadi.getByRole('button', { name: 'Se connecter' }).click();
    await kadi.getByText('La clé de l’équipe a changé.').waitFor();
    await room.picture(kadi, 'reseal');
    // Both open in between.
    const opens = async (reference: string) => {
      await kadi.goto(`${room.world.origin()}/console/#/case/${reference}`);
      await kadi.getByRole('heading', { name: new RegExp(reference) }).waitFor();
      await kadi.locator('article[aria-busy=false]').waitFor();
      expect(await kadi.getByText('Cette partie ne s’ouvre pas').count()).toBe(0);
    };
    await opens(before);
    await kadi.getByText('devant la maison').first().waitFor();
    await opens(after);
    await kadi.goto(`${room.world.origin()}/console/#/people`);
    await kadi.getByRole('button', { name: 'Resceller les dossiers' }).click();
    await kadi.getByText(/Dossiers rescellés : (\d+) \/ \1(?!\d)/).waitFor();
    await kadi.getByRole('button', { name: 'Oublier l’ancienne clé' }).click();
    await kadi.getByRole('button', { name: 'Faire une nouvelle clé' }).waitFor();
    expect((await rows()).map(({ key }) => key)).toEqual([fingerprint(recipient)]);
    expect((await room.world.doctor()).join()).not.toContain('new team key');
    await opens(before);
    await kadi.getByText('devant la maison').first().waitFor();
    // On the team's own machine: the new key opens the old case, the old one nothing.
    const old = await readCase(room.world.database.db, room.world.ctx().keyring, next, before);
    expect(JSON.stringify(old.items)).toContain('devant la maison');
    await expect(room.world.openCase(before)).rejects.toMatchObject({ code: 'not_a_recipient' });
    const noted = (await room.world.database.sql`select what from audit_log order by seq`).map(
      ({ what }) => what,
    );
    expect(noted).toEqual(expect.arrayContaining(['team_key_made', 'cases_resealed', 'old_keys_forgotten']));
  });

  test('seals nothing anew to a key for which no member of the team vouches', async () => {
    await room.world.enrolOfficer('Kadi');
    const kadi = await room.phone();
    await room.kadiIsIn(kadi);
    await cries(room.world.person('Awa'));
    const slippedIn = await createTeamKey();
    // An intruder holds the server: pins a key of their own, grants it, and says that it follows.
    await room.world.stops();
    room.world.pinsTeamKey(slippedIn.recipient);
    await room.world.starts();
    const { sql } = room.world.database;
    const [member] = await sql`select id, recipient from members`;
    const print = fingerprint(slippedIn.recipient);
    const sealed = await sealGrant(member?.recipient, slippedIn.secret);
    await sql`insert into team_grants (member_id, sealed, fingerprint, granted_at)
      values (${member?.id}, ${Buffer.from(sealed)}, ${print}, now())`;
    const voucher = Buffer.from(await vouchFor(slippedIn.secret, slippedIn.recipient));
    await sql`insert into team_keys (fingerprint, recipient, vouched_by, voucher, made_at)
      values (${print}, ${slippedIn.recipient}, ${fingerprint(room.world.teamRecipient)}, ${voucher}, now())`;
    await kadi.goto(`${room.world.origin()}/console/#/people`);
    await kadi.getByRole('button', { name: 'Se connecter' }).click();
    await kadi.getByRole('button', { name: 'Resceller les dossiers' }).click();
    await kadi.getByText('Ne rescellez rien').waitFor();
    expect(await sql`select 1 from case_wraps where key_fingerprint = ${print}`).toHaveLength(0);
  });
});
