/** The stories on the third messenger, which no file of the service knows: JSON lines over HTTP, to a loft. */
import { Secret } from '../../../src/kernel/secret.ts';
import { MESSENGERS } from '../../../src/messengers/list.ts';
import { wanted } from '../../../src/messengers/messenger.ts';
import { KEY, type LoftPerson, type Shown, startLoft } from '../../messengers/pigeon/loft.ts';
import { pigeon as entry } from '../../messengers/pigeon/pigeon.ts';
import type { LetterContent } from '../../messengers/pigeon/wire.ts';
import type { Messenger, Odd, Opening, Person, Seen } from './messenger.ts';

type PigeonPerson = Person & { phone: LoftPerson };

export const pigeon: Opening<Messenger<PigeonPerson>> = {
  name: 'a third messenger',
  async open({ now }) {
    const loft = await startLoft({ now });
    return {
      config: {
        everyMessenger: [...MESSENGERS, entry],
        messengers: [wanted(entry, { url: loft.url, key: new Secret(KEY) })],
      },
      person: (name) => onPigeon(loft.person(name)),
      isReady: async () => {},
      isQuiet: async (within) => void (await loft.until(() => loft.unconfirmed() === 0, within)),
      confirmed: loft.confirmed,
      until: async (condition, within) => void (await loft.until(condition, within)),
      fails({ phone }, how) {
        if (how === 'html' || how === 'portal' || how === 'garbage') throw new Error(`no ${how} at the loft`);
        loft.fails(phone.from, how);
      },
      triesFor: ({ phone }) => loft.triesFor(phone.from),
      sentTo: ({ phone }) => loft.rang(phone.from),
      falls: loft.falls,
      hasTriedInVain: async () => void (await loft.until(() => loft.inVain() > 1)),
      heals: loft.heals,
      canEdit: true,
      mostMegabytes: 10,
      losesNextFile: loft.losesNextFile,
      close: loft.close,
    };
  },
};

/** The language of the stories, with this person at the loft. */
function onPigeon(phone: LoftPerson): PigeonPerson {
  const sendsFile = (kind: 'voice' | 'photo' | 'video', bytes: Uint8Array, size?: number, words?: string) => {
    const ref = phone.puts(bytes);
    const content = { is: 'file', kind, ref, size: size ?? bytes.byteLength } as const;
    return phone.shows(`(${kind})`, phone.does(words === undefined ? content : { ...content, words }));
  };
  const files = new Map<string, LetterContent & { is: 'file' }>();
  const place = (latitude: number, longitude: number, again = false) =>
    ({ is: 'place', latitude, longitude, ...(again ? { again } : {}) }) as const;
  return {
    phone,
    account: phone.from,
    says: async (words) => phone.shows(words, phone.does({ is: 'words', words })),
    async chooses(label, { within, in: older } = {}) {
      const found = await phone.until(`a choice “${label}”`, within, () => {
        const among = phone.screen.filter(({ id }) => !older || id === older.id);
        // As they were seen: a finger may be quicker than a change that takes them away.
        const offers = older ? [...among, ...(seenBefore.get(older.id) ?? [])] : among;
        return offers
          .toReversed()
          .flatMap(({ choices }) => choices)
          .find((choice) => choice.label.toLowerCase().includes(label.toLowerCase()));
      });
      phone.does({ is: 'choice', data: found.data });
    },
    async edits({ id }, words) {
      const file = files.get(id);
      phone.does(file ? { ...file, words, again: true } : { is: 'words', words, again: true }, id);
    },
    async reacts(sign) {
      const newest = phone.screen.findLast(({ isOurs }) => isOurs);
      phone.does({ is: 'sign', sign }, undefined, newest?.id);
    },
    sendsVoice: async (bytes) => sendsFile('voice', bytes),
    sendsVideo: async (bytes, { size } = {}) => sendsFile('video', bytes, size),
    async sendsPhoto(bytes, { caption } = {}) {
      const file = { is: 'file', kind: 'photo', ref: phone.puts(bytes), size: bytes.byteLength } as const;
      const sent = phone.does(caption === undefined ? file : { ...file, words: caption });
      files.set(sent.id, file);
      return phone.shows('(photo)', sent);
    },
    sendsLocation: async (latitude, longitude, beside) => {
      const words = beside ? { words: `${beside.name}, ${beside.address}` } : {};
      return phone.shows('(place)', phone.does({ ...place(latitude, longitude), ...words }));
    },
    sendsContact: async (name, number) =>
      phone.shows('(card)', phone.does({ is: 'card', words: `${name}, ${number}` })),
    quotes: async ({ id }, words) => phone.shows(words, phone.does({ is: 'words', words }, undefined, id)),
    sharesWay: async (latitude, longitude) => phone.shows('(way)', phone.does(place(latitude, longitude))),
    moves: async ({ id }, latitude, longitude) => void phone.does(place(latitude, longitude, true), id),
    sendsOddly: async (what: Odd) => void phone.does({ is: what } as never),
    newest() {
      const newest = phone.screen.findLast(({ isOurs }) => isOurs);
      if (!newest) throw new Error(`${phone.name} has no letter of the service`);
      return seen(newest);
    },
    async hears({ within, ever = false } = {}) {
      const { id, voice } = await phone.until('a voice note', within, () => {
        const among = ever ? phone.screen.filter(({ isOurs }) => isOurs) : phone.fresh();
        return among.findLast((shown) => shown.voice);
      });
      return { id, bytes: Buffer.from(voice?.bytes ?? '', 'base64'), seconds: voice?.seconds ?? 0 };
    },
    screen: () => phone.screen.map(({ isOurs, text }) => `${isOurs ? 'bot' : phone.name}: ${text}`),
    async seesText(pattern, { within, times = 1, ever = false, choices = false } = {}) {
      const says = (text: string) =>
        typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
      const found = await phone.until(String(pattern), within, () => {
        const among = ever ? phone.screen.filter(({ isOurs }) => isOurs) : phone.fresh();
        const fits = among.filter(({ text, choices: all }) => says(text) && (!choices || all.length > 0));
        return fits.length >= times ? fits.at(-1) : undefined;
      });
      return seen(found);
    },
  };
}

const seenBefore = new Map<string, Shown[]>();

function seen(shown: Shown): Seen {
  seenBefore.set(shown.id, [{ ...shown, choices: [...shown.choices] }]);
  return { id: shown.id, text: shown.text, choices: shown.choices.map(({ label }) => label) };
}
