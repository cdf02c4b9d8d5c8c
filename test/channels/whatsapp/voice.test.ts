/** A voice note of ours on WhatsApp: sealed, put up at WhatsApp's media host, and named in a message. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SendResult } from '../../../src/channels/channel.ts';
import { MEDIA_HOSTS } from '../../../src/channels/whatsapp/media-hosts.ts';
import type { Person } from '../../fakes/whatsapp/person.ts';
import { recording } from '../../ogg.ts';
import { type ChannelRoom, openChannelRoom } from './channel-room.ts';

const voice = { bytes: recording('danger', { seconds: 2 }), seconds: 1.9935 };

let room: ChannelRoom;
let awa: Person;
let address: string;
beforeEach(async () => {
  room = await openChannelRoom();
  awa = room.whatsapp.person('Awa');
  await awa.says('bonjour');
  await expect.poll(() => room.came.length).toBe(1);
  address = room.came[0]?.address ?? '';
});
afterEach(() => room.close());

const speaks = (numbers?: string[], key = 'one'): Promise<SendResult> => {
  const message = { text: '', voice, key, ...(numbers ? { numbers } : {}) };
  return room.channel().send(address, message, AbortSignal.timeout(30_000));
};
const heard = () =>
  awa.sees('a voice note', ({ content }) => content.audioMessage?.ptt === true, { ever: true });

describe('a voice note', () => {
  it('is opened by the phone as it was given, and disappears like words', async () => {
    expect(await speaks()).toMatchObject({ ok: true });
    const shown = await heard();
    expect(await awa.opens(shown)).toEqual(Buffer.from(voice.bytes));
    expect(shown.content.audioMessage).toMatchObject({
      mimetype: 'audio/ogg; codecs=opus',
      seconds: 2,
      ptt: true,
    });
    expect(Number(shown.content.audioMessage?.fileLength)).toBe(voice.bytes.length);
    expect(shown.expiration).toBe(86_400);
  });

  it('that speaks the options of a question is answered by a number, and by a thumb on it', async () => {
    await room
      .channel()
      .send(address, { text: '1. Oui\n2. Non', numbers: ['r:1:#1', 'r:1:#2'] }, AbortSignal.timeout(30_000));
    await speaks(['r:1:#1', 'r:1:#2']);
    const shown = await heard();
    await awa.says('2');
    await awa.reacts('👍', shown);
    await expect.poll(() => room.came.length).toBe(3);
    expect(room.came[1]?.content).toEqual({ kind: 'button', data: 'r:1:#2' });
    expect(room.came[2]?.content).toEqual({ kind: 'reaction', emoji: '👍', on: 'r:1:#1' });
  });

  it('that is tried twice is one on the phone', async () => {
    await speaks();
    await speaks();
    await expect.poll(() => room.whatsapp.callsOf('message').length).toBe(3);
    expect(awa.shown().filter(({ content }) => content.audioMessage)).toHaveLength(1);
  });

  it('whose file cannot be put up has not left: another try, and it arrives', async () => {
    for (const how of [503, 'drop', 401] as const) {
      room.whatsapp.fail({ on: 'upload', with: how });
      expect(await speaks()).toMatchObject({ ok: false, reason: 'unreachable' });
    }
    expect(awa.shown().filter(({ content }) => content.audioMessage)).toHaveLength(0);
    expect(await speaks()).toMatchObject({ ok: true });
    await heard();
  });

  it('which the media host refuses is refused for good', async () => {
    room.whatsapp.fail({ on: 'upload', with: 413 });
    expect(await speaks()).toEqual({ ok: false, reason: 'rejected', code: 'http_413' });
  });

  it('goes nowhere but to the media hosts of WhatsApp, wherever its server points', async () => {
    const { hosts } = MEDIA_HOSTS;
    MEDIA_HOSTS.hosts = { names: ['mmg.whatsapp.net'] };
    try {
      expect(await speaks()).toEqual({ ok: false, reason: 'rejected', code: 'address_not_allowed' });
    } finally {
      MEDIA_HOSTS.hosts = hosts;
    }
  });
});
