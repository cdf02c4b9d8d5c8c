import { proto, type WAMessage } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { contentOf, contentOfRef, repliedTo } from '../../../src/channels/whatsapp/content.ts';

/** As it comes off the wire: through the protocol's own encoding. */
function received(message: proto.IMessage): WAMessage {
  const wire = proto.Message.encode(proto.Message.fromObject(message)).finish();
  return { key: { id: 'A', remoteJid: '1@lid' }, message: proto.Message.decode(wire) } as WAMessage;
}
const said = (message: proto.IMessage) => contentOf(received(message));

const { Type } = proto.Message.ProtocolMessage;
const VOICE = {
  ptt: true,
  mimetype: 'audio/ogg; codecs=opus',
  fileLength: 4_321,
  seconds: 7,
  mediaKey: Buffer.alloc(32, 7),
  directPath: '/v/t62',
  url: 'https://example.org/v',
};

describe('what a person sends on WhatsApp', () => {
  it.each([
    ['words', { conversation: 'bonjour' }],
    ['words with a preview', { extendedTextMessage: { text: 'bonjour' } }],
    ['words that disappear', { ephemeralMessage: { message: { extendedTextMessage: { text: 'bonjour' } } } }],
    ['words on a button of another program', { buttonsResponseMessage: { selectedDisplayText: 'bonjour' } }],
    ['a line of a list', { listResponseMessage: { title: 'bonjour' } }],
  ])('%s are words', (_what, message) => {
    expect(said(message)).toEqual({ kind: 'text', text: 'bonjour' });
  });

  it('a voice note is a file with everything that is needed to fetch it later', () => {
    const content = said({ audioMessage: VOICE });
    expect(content).toMatchObject({
      kind: 'file',
      file: { kind: 'voice', size: 4_321, seconds: 7, mediaType: 'audio/ogg; codecs=opus' },
    });
    const ref = content?.kind === 'file' ? content.file.ref : '';
    const again = contentOfRef(ref).audioMessage;
    expect(again).toMatchObject({ directPath: '/v/t62', seconds: 7 });
    expect(Buffer.from(again?.mediaKey ?? [])).toEqual(VOICE.mediaKey);
  });

  it.each([
    ['audio', { audioMessage: { ...VOICE, ptt: false } }],
    ['photo', { imageMessage: { mimetype: 'image/jpeg' } }],
    ['video', { videoMessage: { mimetype: 'video/mp4' } }],
    ['video', { ptvMessage: { mimetype: 'video/mp4' } }],
    ['document', { documentMessage: { fileName: 'a.pdf' } }],
  ])('is a file: %s', (kind, message) => {
    expect(said(message)).toMatchObject({ kind: 'file', file: { kind } });
  });

  it('a photo that can be seen once, and a document with words, keep their words', () => {
    const photo = { viewOnceMessageV2: { message: { imageMessage: { caption: 'devant chez moi' } } } };
    expect(said(photo)).toMatchObject({ file: { kind: 'photo' }, caption: 'devant chez moi' });
    const paper = {
      documentWithCaptionMessage: {
        message: { documentMessage: { fileName: 'a.pdf', caption: 'la lettre' } },
      },
    };
    expect(said(paper)).toMatchObject({ file: { kind: 'document', name: 'a.pdf' }, caption: 'la lettre' });
  });

  it('a place is a place; the steps of one that is shared live are known as such', () => {
    const at = { degreesLatitude: 12.65, degreesLongitude: -8 };
    expect(said({ locationMessage: at })).toEqual({ kind: 'location', latitude: 12.65, longitude: -8 });
    expect(said({ liveLocationMessage: at })).toEqual({ kind: 'location', latitude: 12.65, longitude: -8 });
    const first = { ...at, sequenceNumber: 1_659_979_829_001_000 };
    expect(said({ liveLocationMessage: first })).toEqual({
      kind: 'location',
      latitude: 12.65,
      longitude: -8,
    });
    expect(said({ liveLocationMessage: { ...first, timeOffset: 60 } })).toMatchObject({ edited: true });
  });

  it('the name, the address and the comment of a place stand beside it', () => {
    const at = { degreesLatitude: 12.65, degreesLongitude: -8 };
    const beside = { name: 'Marché', address: 'Bamako', comment: 'derrière' };
    expect(said({ locationMessage: { ...at, ...beside } })).toMatchObject({
      words: 'Marché, Bamako, derrière',
    });
    expect(said({ liveLocationMessage: { ...at, caption: 'suivez-moi' } })).toMatchObject({
      words: 'suivez-moi',
    });
    expect(
      said({ liveLocationMessage: { ...at, caption: 'suivez-moi', timeOffset: 60 } }),
    ).not.toHaveProperty('words');
  });

  it('contact cards are names and numbers; a poll, an appointment and an invitation are words', () => {
    const vcard = 'BEGIN:VCARD\nFN:Moussa\nitem1.TEL;waid=22370000000:+223 70 00 00 00\nEND:VCARD';
    const moussa = { displayName: 'Moussa', vcard };
    const card = { kind: 'card', what: 'contact' };
    expect(said({ contactMessage: moussa })).toEqual({ ...card, words: 'Moussa, +223 70 00 00 00' });
    expect(said({ contactsArrayMessage: { contacts: [moussa, { displayName: 'Awa' }] } })).toEqual({
      ...card,
      words: 'Moussa, +223 70 00 00 00\nAwa',
    });
    const poll = { name: 'Qui ?', options: [{ optionName: 'Lui' }, { optionName: 'Elle' }] };
    const asked = { kind: 'card', what: 'other', words: 'Qui ?\nLui\nElle' };
    expect(said({ pollCreationMessageV3: poll })).toEqual(asked);
    expect(said({ pollCreationMessageV4: { message: { pollCreationMessageV3: poll } } })).toEqual(asked);
    expect(said({ eventMessage: { name: 'Marche', description: 'à 9 h' } })).toMatchObject({
      words: 'Marche\nà 9 h',
    });
  });

  it('what announces an album is no message, and each of its pictures is one', () => {
    expect(said({ albumMessage: { expectedImageCount: 2 } })).toBeNull();
    const picture = { imageMessage: { mimetype: 'image/jpeg', caption: 'la porte' } };
    expect(said({ associatedChildMessage: { message: picture } })).toMatchObject({
      file: { kind: 'photo' },
      caption: 'la porte',
    });
  });

  it.each([
    ['words', { extendedTextMessage: { text: '2', contextInfo: { stanzaId: 'Q' } } }],
    ['a voice note', { audioMessage: { ...VOICE, contextInfo: { stanzaId: 'Q' } } }],
    [
      'a place',
      { locationMessage: { degreesLatitude: 1, degreesLongitude: 1, contextInfo: { stanzaId: 'Q' } } },
    ],
    [
      'words that disappear',
      {
        ephemeralMessage: { message: { extendedTextMessage: { text: '2', contextInfo: { stanzaId: 'Q' } } } },
      },
    ],
    ['a reaction', { reactionMessage: { text: '👍', key: { id: 'Q' } } }],
  ])('%s says what it answers', (_what, message: proto.IMessage) => {
    expect(repliedTo(message)).toBe('Q');
  });

  it('a reaction is one, and taking it back is nothing', () => {
    expect(said({ reactionMessage: { text: '👍' } })).toEqual({ kind: 'reaction', emoji: '👍' });
    expect(said({ reactionMessage: { text: '' } })).toBeNull();
  });

  it('an edit of the words under a photo is these words', () => {
    const editedMessage = { imageMessage: { caption: 'La porte du bureau' } };
    expect(said({ protocolMessage: { type: Type.MESSAGE_EDIT, editedMessage } })).toEqual({
      kind: 'text',
      text: 'La porte du bureau',
      edited: true,
    });
  });

  it('an edit is the new words; a deletion, a timer and a key are no words', () => {
    const edit = { protocolMessage: { type: Type.MESSAGE_EDIT, editedMessage: { conversation: 'à Kati' } } };
    expect(said(edit)).toEqual({ kind: 'text', text: 'à Kati', edited: true });
    expect(said({ editedMessage: { message: edit } })).toEqual({
      kind: 'text',
      text: 'à Kati',
      edited: true,
    });
    for (const type of [Type.REVOKE, Type.EPHEMERAL_SETTING, Type.APP_STATE_SYNC_KEY_SHARE])
      expect(said({ protocolMessage: { type } })).toBeNull();
    expect(said({ senderKeyDistributionMessage: { groupId: 'g' } })).toBeNull();
    expect(said({ messageContextInfo: {} })).toBeNull();
  });

  it.each([
    ['sticker', { stickerMessage: {} }],
    ['contact', { contactMessage: {} }],
    ['poll', { pollUpdateMessage: {} }],
    ['call', { call: {} }],
    ['event', { eventMessage: {} }],
    ['unknown', { productMessage: {} }],
  ])('what cannot be used is named: %s', (what, message) => {
    expect(said(message)).toEqual({ kind: 'unsupported', what });
  });

  it('what could not be decrypted is told apart from what is nothing', () => {
    const { CIPHERTEXT, E2E_ENCRYPTED } = proto.WebMessageInfo.StubType;
    const stub = (messageStubType: number) => ({ key: {}, messageStubType }) as WAMessage;
    expect(contentOf(stub(CIPHERTEXT))).toEqual({ kind: 'unsupported', what: 'unreadable' });
    expect(contentOf(stub(E2E_ENCRYPTED))).toBeNull();
  });
});
