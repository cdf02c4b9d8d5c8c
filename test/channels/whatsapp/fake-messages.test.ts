import { downloadMediaMessage, proto, type WAMessage } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import { linkedBot } from './story.ts';

const jidOf = ({ key }: WAMessage) => key.remoteJid ?? '';
const { READ, DELIVERY_ACK } = proto.WebMessageInfo.Status;

describe('words', () => {
  test('go both ways, are ticked both ways, and stand on the handset too', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    const said = await ali.says('bonjour');
    const heard = await bot.reads('bonjour');
    await ali.seesTicks(said, 'delivered');
    await bot.socket.readMessages([heard.key]);
    await ali.seesTicks(said, 'read');

    const answer = await bot.socket.sendMessage(jidOf(heard), { text: 'salut' });
    await ali.seesText('salut');
    expect(ali.screen()).toEqual(['Ali: bonjour', 'bot: salut']);
    const status = (wanted: number) =>
      bot.until(() =>
        bot.updates.find(({ key, update }) => key.id === answer?.key.id && update.status === wanted),
      );
    await status(DELIVERY_ACK);
    ali.reads();
    await status(READ);
    expect(whatsapp.account.handsetSees.map((message) => message.extendedTextMessage?.text)).toEqual([
      'salut',
    ]);
    expect([whatsapp.unanswered, whatsapp.broken]).toEqual([[], []]);
  });

  test('for a person who blocks the bot never arrive, and are not reported', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await ali.says('bonjour');
    const jid = jidOf(await bot.reads('bonjour'));
    ali.blocks();
    await bot.socket.sendMessage(jid, { text: 'bloqué' });
    await whatsapp.sawCall(({ method }) => method === 'message');
    ali.unblocks();
    await bot.socket.sendMessage(jid, { text: 'de retour' });
    await ali.seesText('de retour');
    await bot.until(() => bot.updates.length > 0);
    expect(ali.screen()).toEqual(['Ali: bonjour', 'bot: de retour']);
    expect(bot.updates.map(({ key }) => key.id)).toEqual([ali.newest().id]);
  });

  test('of two people stay apart', async () => {
    const { whatsapp, bot } = await linkedBot();
    const [ali, awa] = [whatsapp.person('Ali'), whatsapp.person('Awa')];
    await Promise.all([ali.says('je suis Ali'), awa.says('je suis Awa')]);
    await bot.socket.sendMessage(jidOf(await bot.reads('je suis Ali')), { text: 'pour Ali' });
    await bot.socket.sendMessage(jidOf(await bot.reads('je suis Awa')), { text: 'pour Awa' });
    await Promise.all([ali.seesText('pour Ali'), awa.seesText('pour Awa')]);
    expect(awa.screen()).toEqual(['Awa: je suis Awa', 'bot: pour Awa']);
  });

  test('are quoted, reacted to, changed and deleted by a person', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    const said = await ali.says('bonjour');
    const heard = await bot.reads('bonjour');
    const answer = await bot.socket.sendMessage(jidOf(heard), { text: 'salut' });
    await ali.seesText('salut');

    await ali.quotes('oui');
    const quoting = await bot.reads('oui');
    expect(quoting.message?.extendedTextMessage?.contextInfo?.stanzaId).toBe(answer?.key.id);
    await ali.reacts('👍');
    const reaction = await bot.receives(({ message }) => Boolean(message?.reactionMessage));
    expect(reaction.message?.reactionMessage).toMatchObject({
      text: '👍',
      key: { id: answer?.key.id, fromMe: true },
    });
    await ali.edits(said, 'bonsoir');
    const edit = await bot.until(() => bot.updates.find(({ update }) => update.message?.editedMessage));
    expect(edit.key.id).toBe(said.id);
    expect(edit.update.message?.editedMessage?.message?.conversation).toBe('bonsoir');
    await ali.deletes(said);
    const gone = await bot.until(() => bot.updates.find(({ update }) => update.message === null));
    expect(gone.key.id).toBe(said.id);
  });

  test('are reacted to, changed and deleted by the bot', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await ali.says('bonjour');
    const heard = await bot.reads('bonjour');
    const jid = jidOf(heard);
    await bot.socket.sendMessage(jid, { react: { text: '✅', key: heard.key } });
    const answer = await bot.socket.sendMessage(jid, { text: 'salut' });
    await ali.seesText('salut');
    expect(ali.screen()).toEqual(['Ali: bonjour [✅]', 'bot: salut']);
    const key = answer?.key ?? {};
    await bot.socket.sendMessage(jid, { text: 'bonsoir', edit: key });
    await ali.seesText('bonsoir');
    await bot.socket.sendMessage(jid, { delete: key });
    await ali.sees('a deleted message', ({ deleted }) => deleted);
    expect(ali.screen()).toEqual(['Ali: bonjour [✅]', 'bot: (deleted)']);
  });

  test('disappear when the person or the bot wants it', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await ali.letsDisappear(86_400);
    await ali.says('en secret');
    const heard = await bot.receives(({ message }) => Boolean(message?.ephemeralMessage));
    const inside = heard.message?.ephemeralMessage?.message?.extendedTextMessage;
    expect(inside).toMatchObject({ text: 'en secret', contextInfo: { expiration: 86_400 } });
    await bot.socket.sendMessage(jidOf(heard), { text: 'compris' }, { ephemeralExpiration: 86_400 });
    expect((await ali.seesText('compris')).expiration).toBe(86_400);
  });
});

describe('files', () => {
  test('a voice note goes both ways through the media host', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    const voice = Buffer.from('OggS — a voice'.repeat(500));
    await ali.sendsVoice(voice);
    const heard = await bot.receives(({ message }) => Boolean(message?.audioMessage));
    expect(await downloadMediaMessage(heard, 'buffer', {})).toEqual(voice);
    const answer = Buffer.from('OggS — an answer'.repeat(500));
    await bot.socket.sendMessage(jidOf(heard), { audio: answer, ptt: true, seconds: 2 });
    const shown = await ali.sees('a voice note', ({ content }) => Boolean(content.audioMessage));
    expect(await ali.opens(shown)).toEqual(answer);
  });

  test('a document, a photo and a video come with their words', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    const bytes = Buffer.from('some file');
    await ali.sendsDocument(bytes, { name: 'plainte.pdf', caption: 'voici' });
    await ali.sendsPhoto(bytes, { caption: 'la photo' });
    await ali.sendsVideo(bytes);
    const document = await bot.receives(({ message }) => Boolean(message?.documentMessage));
    expect(document.message?.documentMessage).toMatchObject({ fileName: 'plainte.pdf', caption: 'voici' });
    const photo = await bot.receives(({ message }) => Boolean(message?.imageMessage));
    expect(await downloadMediaMessage(photo, 'buffer', {})).toEqual(bytes);
    const video = await bot.receives(({ message }) => Boolean(message?.videoMessage));
    expect(await downloadMediaMessage(video, 'buffer', {})).toEqual(bytes);
  });

  test('can fail to come down and to go up', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await ali.sendsVoice(Buffer.from('a voice'));
    const heard = await bot.receives(({ message }) => Boolean(message?.audioMessage));
    whatsapp.fail({ on: 'download', with: 410 });
    await expect(downloadMediaMessage(heard, 'buffer', {})).rejects.toThrow('Failed to fetch');
    expect(await downloadMediaMessage(heard, 'buffer', {})).toEqual(Buffer.from('a voice'));
    whatsapp.fail({ on: 'upload', with: 503 });
    const audio = { audio: Buffer.from('another'), seconds: 1 };
    await expect(bot.socket.sendMessage(jidOf(heard), audio)).rejects.toThrow('upload failed');
  });

  test('a photo to be seen once may be sent, or withheld from linked devices', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await ali.sendsPhoto(Buffer.from('once'), { viewOnce: 'sent' });
    const sent = await bot.receives(({ message }) => Boolean(message?.viewOnceMessageV2));
    expect(await downloadMediaMessage(sent, 'buffer', {})).toEqual(Buffer.from('once'));
    const { id } = await ali.sendsPhoto(Buffer.from('once'), { viewOnce: 'withheld' });
    const withheld = await bot.receives(({ key }) => key.id === id);
    expect(withheld).toMatchObject({ key: { isViewOnce: true } });
    expect(withheld.message).toBeFalsy();
  });
});

describe('addresses', () => {
  test('a person is known by LID, then by number, and stays one person with one session', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await ali.says('par LID');
    const byLid = await bot.reads('par LID');
    const [lid, pn] = [`${ali.lidUser}@lid`, `${ali.number}@s.whatsapp.net`];
    expect(byLid.key).toMatchObject({ remoteJid: lid, remoteJidAlt: pn, addressingMode: 'lid' });
    ali.isAddressedBy('number');
    await ali.says('par numéro');
    const byNumber = await bot.reads('par numéro');
    expect(byNumber.key).toMatchObject({ remoteJid: pn, remoteJidAlt: lid, addressingMode: 'pn' });
    await bot.socket.sendMessage(pn, { text: 'au numéro' });
    await ali.seesText('au numéro');
    await bot.socket.sendMessage(lid, { text: 'au LID' });
    await ali.seesText('au LID');
    const sessions = [...bot.rows.keys()].filter((row) => row.startsWith('session/') && row.includes('2000'));
    expect(sessions).toEqual([`session/${ali.lidUser}_1.0`]);
  });

  test('a person first known by number alone moves to the LID with her session', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    ali.isAddressedBy('number', { alone: true });
    await ali.says('sans LID');
    const first = await bot.reads('sans LID');
    expect(first.key.remoteJidAlt).toBeUndefined();
    ali.isAddressedBy('lid');
    await ali.says('avec LID');
    await bot.reads('avec LID');
    await bot.socket.sendMessage(`${ali.lidUser}@lid`, { text: 'toujours vous' });
    await ali.seesText('toujours vous');
  });

  test('a person whose number is hidden is answered by LID', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    ali.isAddressedBy('lid', { alone: true });
    await ali.says('sans numéro');
    const heard = await bot.reads('sans numéro');
    expect(heard.key.remoteJidAlt).toBeUndefined();
    await bot.socket.sendMessage(jidOf(heard), { text: 'cela suffit' });
    await ali.seesText('cela suffit');
  });

  test('the bot finds out whether a number is on WhatsApp', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    expect(await bot.socket.onWhatsApp(ali.number, '22399999999')).toEqual([
      { jid: `${ali.number}@s.whatsapp.net`, exists: true },
    ]);
  });
});

describe('signs', () => {
  test('typing is seen on both sides', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    ali.types('recording');
    await bot.until(() =>
      bot.presences.find(({ presences }) => presences[ali.jid]?.lastKnownPresence === 'recording'),
    );
    await bot.socket.sendPresenceUpdate('composing', ali.jid);
    await ali.seesTyping();
  });

  test('a call rings, and the bot rejects it', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    const call = ali.calls();
    const ringing = await bot.until(() => bot.calls.find(({ status }) => status === 'offer'));
    expect(ringing).toMatchObject({ id: call, from: ali.jid, callerPn: ali.otherJid, isVideo: false });
    await bot.socket.rejectCall(ringing.id, ringing.from);
    await ali.seesCallEnd(call);
    const missed = ali.calls({ video: true });
    ali.hangsUp(missed);
    const timeout = await bot.until(() => bot.calls.find(({ status }) => status === 'timeout'));
    expect(timeout).toMatchObject({ id: missed, isVideo: true });
  });
});
