/**
 * The real HTTP application and simulator with a scripted service behind them, and the page as Vite builds it.
 *
 * The script: whatever the defender says is answered with a question; SOS pages the officer; the officer's
 * "take" edits the page and tells the defender.
 */
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, OutgoingMessage } from '../../src/channels/channel.ts';
import { createSimulator, type SimulatorChannel } from '../../src/channels/simulator/simulator.ts';
import { createHttpApp } from '../../src/http/app.ts';
import { createLog } from '../../src/kernel/log.ts';

const never = new AbortController().signal;
const QUESTION: OutgoingMessage = {
  text: 'Êtes-vous en danger maintenant ?',
  rows: [
    [{ label: 'Oui, maintenant', data: 'r:1:now' }],
    [
      { label: 'Dans les 24 heures', data: 'r:1:within_24h' },
      { label: 'Dans les jours qui viennent', data: 'r:1:within_days' },
    ],
    [
      { label: 'Non', data: 'r:1:none' },
      { label: 'Je ne sais pas', data: 'r:1:unknown' },
    ],
    [{ label: 'SOS', data: 'c:sos' }],
  ],
};
export const PAGE_TEXT = 'ALERTE critique\nDossier KITA-4821 · région : Ségou';

/** What was built for the whole run (`test/build-pages.ts`). */
const WEB_ROOT = new URL('../../dist/web', import.meta.url).pathname;

export type ScriptedService = Awaited<ReturnType<typeof startScriptedService>>;

/** Starts everything on a port of this machine; the same port again is a restart of the service. */
export async function startScriptedService(port = 0) {
  const messages: IncomingMessage[] = [];
  const asked: string[] = [];
  const channel = createSimulator();
  await channel.start(async (message) => {
    messages.push(message);
    await reply(channel, message, asked);
  });
  const app = await createHttpApp({
    log: createLog('silent'),
    readiness: async () => ({ ok: true, checks: [] }),
    simulator: { channel, webRoot: WEB_ROOT },
  });
  await app.listen({ port, host: '127.0.0.1' });
  const { port: taken } = app.server.address() as AddressInfo;
  return {
    messages,
    /** The questions on the person's phone, by their handles. */
    asked,
    channel,
    port: taken,
    url: `http://localhost:${taken}/`,
    page: (silent = false) => page(channel, silent),
    async close() {
      await channel.stop();
      await app.close();
    },
  };
}

/** Pages the officer; resolves with the page's reference. */
async function page(channel: SimulatorChannel, silent = false): Promise<string> {
  const rows = [
    [
      { label: 'Je prends', data: 'o:take:KITA-4821' },
      { label: 'Je ne peux pas', data: 'o:cannot:KITA-4821' },
    ],
  ];
  const sent = await channel.send('officer', { text: PAGE_TEXT, rows, silent }, never);
  return sent.ok ? sent.messageRef : '';
}

async function reply(channel: SimulatorChannel, message: IncomingMessage, asked: string[]): Promise<void> {
  const { address, content, messageRef = '' } = message;
  const say = (to: string, what: OutgoingMessage) => channel.send(to, what, never);
  const isSos =
    (content.kind === 'text' && /^sos$/i.test(content.text.trim())) ||
    (content.kind === 'button' && content.data === 'c:sos');
  if (isSos) {
    await page(channel);
    await say(address, { text: 'L’alerte est partie. Où êtes-vous ? Répondez seulement si c’est possible.' });
  } else if (content.kind === 'button' && content.data.startsWith('o:take')) {
    await channel.edit(address, messageRef, { text: `${PAGE_TEXT}\n\nPrise par vous à 14:02.` }, never);
    await say('defender', { text: '14:02 – bien reçu.' });
  } else if (content.kind === 'button') {
    await say(address, { text: `Noté : ${content.data}.` });
  } else if (content.kind === 'file') {
    await say(address, { text: 'Reçu. Ce sera enregistré dans quelques secondes.' });
  } else if (content.kind === 'text' && address !== 'officer' && !content.edited) {
    const sent = await say(address, QUESTION);
    if (sent.ok) asked.push(sent.messageRef);
  }
}
