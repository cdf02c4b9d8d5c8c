/** The stories on Telegram: real HTTP to a Bot API server. */
import type { Config } from '../../../src/config.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { wanted } from '../../../src/messengers/messenger.ts';
import { telegram as entry } from '../../../src/messengers/telegram/telegram.ts';
import type { StoredMessage } from '../../fakes/telegram/chats.ts';
import type { Person as Phone } from '../../fakes/telegram/person.ts';
import { type FakeOptions, type FakeTelegram, startFakeTelegram } from '../../fakes/telegram/telegram.ts';
import type { Button, Json } from '../../fakes/telegram/wire.ts';
import { startFront } from './front.ts';
import type { Messenger, Odd, Opening, Person, Seen, Sent } from './messenger.ts';

export type TelegramPerson = Person & { phone: Phone };
export type Telegram = Messenger<TelegramPerson> & { fake: FakeTelegram };

export const telegram = telegramWith();
const telegramByWebhook: Opening<Telegram> = {
  name: 'Telegram, by webhook',
  async open({ now, services }) {
    const [fake, front] = await Promise.all([startFakeTelegram({ now }), startFront(services)]);
    return asMessenger(
      fake,
      {
        publicUrl: front.url,
        messengers: [
          wanted(entry, { ...accessTo(fake), webhookSecret: new Secret('a-webhook-secret-of-this-test') }),
        ],
      },
      front.close,
    );
  },
};

/** For `every.ts`. */
export const stories = { opening: telegram, otherWays: [telegramByWebhook] };

/** Telegram by polling, on a server with these options. */
export function telegramWith(options: FakeOptions = {}): Opening<Telegram> {
  return {
    name: 'Telegram',
    async open({ now }) {
      const fake = await startFakeTelegram({ now, ...options });
      return asMessenger(fake, onTelegramAt(fake));
    },
  };
}

/** How a service reaches this server. */
export const accessTo = ({ token, root }: FakeTelegram) => ({ token: new Secret(token), apiRoot: root });

/** Settings of a service that polls this server. */
export const onTelegramAt = (fake: FakeTelegram) => ({ messengers: [wanted(entry, accessTo(fake))] });

function asMessenger(fake: FakeTelegram, config: Partial<Config>, closeMore = async () => {}): Telegram {
  const sendings = (id: number) => fake.callsOf('sendMessage').filter(({ chat_id }) => chat_id === id);
  return {
    fake,
    config,
    person: (name, options) => onTelegram(fake.person(name, options)),
    isReady: async () => {},
    isQuiet: (within) => fake.until(() => fake.unconfirmed() === 0, within),
    confirmed: fake.confirmed,
    until: fake.until,
    fails({ phone }, how) {
      fake.fail({ method: 'sendMessage', chat: phone.id, with: how });
    },
    triesFor: ({ phone }) => sendings(phone.id).length,
    sentTo: ({ phone }) =>
      sendings(phone.id).map(({ text, reply_markup }) => `${text}\n${JSON.stringify(reply_markup ?? '')}`),
    falls: () => fake.fail({ method: '*', with: 'drop', times: Number.POSITIVE_INFINITY }),
    hasTriedInVain: () => fake.until(() => fake.calls.filter(({ status }) => status === 0).length > 3),
    heals: fake.heal,
    canEdit: true,
    mostMegabytes: 20,
    losesNextFile: () =>
      fake.fail({ method: 'getFile', with: 400, description: 'Bad Request: invalid file_id' }),
    async close() {
      await closeMore();
      await fake.close();
    },
  };
}

const ODDITIES: Record<Odd, Json> = {
  sticker: { sticker: { file_id: 'sticker-1', width: 512, height: 512, emoji: '😀' } },
  'something of next year': { a_kind_of_message_of_next_year: {} },
};

const living = (latitude: number, longitude: number): Json => ({
  location: { latitude, longitude, live_period: 900 },
});

/** The language of the stories, with this phone in hand. */
export function onTelegram(phone: Phone): TelegramPerson {
  const sentAs = (message_id: string) => ({ message_id: Number(message_id), update_id: undefined });
  /** Buttons as they were seen: a finger may be quicker than an edit that takes them away. */
  const buttons = new Map<string, Button[]>();
  const seen = ({ message_id, text, rows }: StoredMessage): Seen => {
    const id = String(message_id);
    buttons.set(id, rows.flat());
    return { id, text, choices: rows.flat().map((button) => button.text) };
  };
  const sent = async (sending: ReturnType<Phone['says']>): Promise<Sent> => ({
    id: String((await sending).message_id),
  });
  return {
    phone,
    account: String(phone.id),
    says: (text) => sent(phone.says(text)),
    async chooses(label, options = {}) {
      if (!options.in) return await phone.presses(label, options);
      const { id, text } = options.in;
      const button = buttons.get(id)?.find((each) => each.text.includes(label));
      if (!button) throw new Error(`no button “${label}” under: ${text}`);
      const message = phone.room.messages.find(({ message_id }) => String(message_id) === id);
      await phone.pressesData(String(button.callback_data), message);
    },
    edits: ({ id }, text) => phone.edits(sentAs(id), text),
    reacts: (emoji) => phone.reacts(emoji),
    sendsVoice: (bytes) => sent(phone.sendsVoice(bytes)),
    sendsVideo: (bytes, options) => sent(phone.sendsVideo(bytes, options)),
    sendsPhoto: (bytes, options) => sent(phone.sendsPhoto(bytes, options)),
    sendsLocation: (latitude, longitude, place) =>
      sent(
        place
          ? phone.sendsVenue(latitude, longitude, place.name, place.address)
          : phone.sendsLocation(latitude, longitude),
      ),
    sendsContact: (first_name, phone_number) => sent(phone.sends({ contact: { phone_number, first_name } })),
    quotes: ({ id }, text) => sent(phone.quotes(text, Number(id))),
    sharesWay: (latitude, longitude) => sent(phone.sends(living(latitude, longitude))),
    moves: ({ id }, latitude, longitude) => phone.edits(sentAs(id), living(latitude, longitude)),
    sendsOddly: async (what) => void (await phone.sends(ODDITIES[what])),
    newest() {
      const newest = phone.shown().findLast(({ from }) => from.is_bot);
      if (!newest) throw new Error(`${phone.user.first_name} has no message of the bot`);
      return seen(newest);
    },
    hears: async (options) => {
      const { id, ...heard } = await phone.hears(options);
      return { id: String(id), ...heard };
    },
    screen: () => phone.screen(),
    seesText: async (pattern, { choices = false, ...options } = {}) =>
      seen(await phone.seesText(pattern, { ...options, buttons: choices })),
  };
}
