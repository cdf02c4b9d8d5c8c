/** The stories on WhatsApp: unpatched Baileys over its socket to a server that speaks the real protocol. */
import type { proto } from '@whiskeysockets/baileys';
import { expect } from 'vitest';
import { wanted } from '../../../src/messengers/messenger.ts';
import { whatsapp as entry } from '../../../src/messengers/whatsapp/whatsapp.ts';
import type { Shown } from '../../fakes/whatsapp/messages.ts';
import type { Person as Phone } from '../../fakes/whatsapp/person.ts';
import { trust } from '../../fakes/whatsapp/trust.ts';
import { type FakeWhatsApp, startFakeWhatsApp } from '../../fakes/whatsapp/whatsapp.ts';
import { userOf } from '../../fakes/whatsapp/wire.ts';
import { WITHIN } from '../../fakes/within.ts';
import { link, linkStandby } from '../../linked-number.ts';
import { whatsappAt } from '../../live-config.ts';
import type { Messenger, Odd, Opening, Person, Seen, Setting } from './messenger.ts';

type WhatsAppPerson = Person & { phone: Phone };
export type WhatsApp = Messenger<WhatsAppPerson> & { fake: FakeWhatsApp };

export const whatsapp: Opening<WhatsApp> = { name: 'WhatsApp', open: (setting) => open(setting) };

/** The same with a second number that stands by. */
export const whatsappWithStandby: Opening<WhatsApp> = {
  name: 'WhatsApp with two numbers',
  open: (setting) => open(setting, true),
};

async function open({ now, database, keyring }: Setting, hasStandby = false) {
  const fake = await startFakeWhatsApp({ now });
  const distrust = trust(fake.credentials);
  await link({ db: database.db, keyring }, fake);
  if (hasStandby) await linkStandby({ db: database.db, keyring }, fake);
  return {
    ...asMessenger(fake, database),
    async close() {
      distrust();
      await fake.close();
    },
  };
}

/** For `every.ts`. */
export const stories = { opening: whatsapp };

function asMessenger(fake: FakeWhatsApp, { sql }: Setting['database']): Omit<WhatsApp, 'close'> {
  const sendings = (phone: Phone) =>
    fake.callsOf('message').filter(({ attrs }) => phone.owns(userOf(attrs.to)));
  return {
    fake,
    config: { messengers: [wanted(entry, whatsappAt(fake.url))] },
    person: (name) => onWhatsApp(fake.person(name)),
    isReady: async () => void (await fake.isReady()),
    async isQuiet(within = WITHIN) {
      await fake.until(() => fake.unconfirmed() === 0, within);
      const waiting = () => sql`select 1 from whatsapp_staged where body_sealed is not null`;
      await expect.poll(async () => (await waiting()).length, { timeout: within }).toBe(0);
    },
    confirmed: () => fake.account.history.size - fake.account.waiting.length,
    until: async (condition, within) => void (await fake.until(condition, within)),
    fails({ phone }, how) {
      if (how === 'html' || how === 'portal' || how === 'garbage') throw new Error(`no ${how} on WhatsApp`);
      fake.fail({ on: 'message', to: phone, with: how });
    },
    triesFor: ({ phone }) => sendings(phone).length,
    sentTo: ({ phone }) => fromBot(phone).map(({ text }) => text),
    hasTriedInVain: async () => void (await fake.until(() => fake.turnedAway() > 0)),
    falls() {
      fake.fail({ on: 'connect', with: 'drop', times: Number.POSITIVE_INFINITY });
      fake.drops();
    },
    heals: fake.heal,
    canEdit: false,
    mostMegabytes: 64,
    losesNextFile: () => fake.fail({ on: 'download', with: 404 }),
  };
}

const ODDITIES: Record<Odd, proto.IMessage> = {
  sticker: { stickerMessage: { mimetype: 'image/webp', width: 512, height: 512 } },
  'something of next year': { orderMessage: { orderTitle: 'Riz' } },
};

/** The language of the stories, with this phone in hand. */
function onWhatsApp(phone: Phone): WhatsAppPerson {
  let steps = 0;
  const shares = (degreesLatitude: number, degreesLongitude: number) => {
    const sequenceNumber = phone.now();
    const place = { degreesLatitude, degreesLongitude, sequenceNumber, timeOffset: 30 * steps++ };
    return phone.sends({ liveLocationMessage: place });
  };
  /** The newest message that offers this, and what is written to choose it. */
  const offer = (label: string, older?: Seen): { shown: Shown; said: string } | undefined => {
    const among = fromBot(phone).filter(({ id }) => !older || id === older.id);
    for (const shown of among.toReversed()) {
      const found = choicesIn(shown.text).find((choice) => readsLike(choice.label, label));
      if (found) return { shown, said: found.said };
    }
    return undefined;
  };
  return {
    phone,
    account: phone.lidUser,
    says: (text) => phone.says(text),
    async chooses(label, { within, in: older } = {}) {
      const { shown, said } = await phone.until(`a choice “${label}”`, within, () => offer(label, older));
      const isNewest = shown.id === phone.newest().id;
      await (isNewest ? phone.says(said) : phone.quotes(said, shown));
    },
    edits: (sent, text) => phone.edits(sent, text),
    reacts: async (emoji) => void (await phone.reacts(emoji)),
    sendsVoice: (bytes) => phone.sendsVoice(bytes),
    sendsVideo: (bytes, options) => phone.sendsVideo(bytes, options),
    sendsPhoto: (bytes, { caption } = {}) =>
      phone.sendsPhoto(bytes, caption === undefined ? {} : { caption }),
    sendsLocation: (latitude, longitude, place) => phone.sendsLocation(latitude, longitude, place),
    sendsContact: (name, number) => phone.sendsContact(name, number),
    quotes: ({ id }, text) => phone.quotes(text, shownAs(phone, id)),
    sharesWay: shares,
    moves: async (_sent, latitude, longitude) => void (await shares(latitude, longitude)),
    sendsOddly: async (what) => void (await phone.sends(ODDITIES[what])),
    newest: () => seen(phone.newest()),
    hears: async (options) => {
      const isVoice = ({ content, deleted }: Shown) => content.audioMessage?.ptt === true && !deleted;
      const shown = await phone.sees('a voice note', isVoice, options);
      const { seconds, mimetype } = shown.content.audioMessage ?? {};
      expect(mimetype).toBe('audio/ogg; codecs=opus');
      return { id: shown.id, bytes: await phone.opens(shown), seconds: seconds ?? 0 };
    },
    screen: () => phone.screen(),
    seesText: async (pattern, { choices = false, ...options } = {}) => {
      const says = (text: string) =>
        typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
      const fits = ({ deleted, text }: Shown) =>
        !deleted && says(text) && (!choices || choicesIn(text).length > 0);
      return seen(await phone.sees(String(pattern), fits, options));
    },
  };
}

function shownAs(phone: Phone, id: string): Shown {
  const found = phone.shown().find((shown) => shown.id === id);
  if (!found) throw new Error(`${phone.name} has no message ${id} to quote`);
  return found;
}

const fromBot = (phone: Phone): Shown[] => phone.shown().filter((shown) => shown.fromBot && !shown.deleted);

const seen = ({ id, text }: Shown): Seen => ({
  id,
  text,
  choices: choicesIn(text).map(({ label }) => label),
});

const readsLike = (label: string, wanted: string): boolean =>
  label.toLowerCase().includes(wanted.toLowerCase());

/** Options are numbered, universal words stand in the last line. */
function choicesIn(text: string): { label: string; said: string }[] {
  const options = [...text.matchAll(/^\*?(\d+)(?:\. |\* {2})(.+)$/gm)].map(([, number = '', label = '']) => ({
    label: `${number}. ${label}`,
    said: number,
  }));
  const words =
    /^(?:Ou écrivez|Or write|Walima aw ye nin sɛbɛn)\s*: (.+)$/m.exec(text)?.[1]?.split(' · ') ?? [];
  return [...options, ...words.map((word) => ({ label: word, said: word }))];
}
