import { proto, type WAMessage } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { contentOf, contentOfRef } from '../../../src/channels/whatsapp/content.ts';

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

describe('what somebody sends on WhatsApp', () => {
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
    ['contact', { contactMessage: { displayName: 'x' } }],
    ['poll', { pollCreationMessageV3: { name: 'x' } }],
    ['call', { call: {} }],
    ['event', { eventMessage: { name: 'x' } }],
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
