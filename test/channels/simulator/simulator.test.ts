import { describe, expect, it } from 'vitest';
import type { IncomingMessage, Receive } from '../../../src/channels/channel.ts';
import { type Gesture, gesture, type Item, type PhoneEvent } from '../../../src/channels/simulator/api.ts';
import { createSimulator } from '../../../src/channels/simulator/simulator.ts';

const NOON = new Date('2026-11-23T12:00:00.000Z');
const never = new AbortController().signal;

async function running(receive?: Receive) {
  const messages: IncomingMessage[] = [];
  const waits: number[] = [];
  const simulator = createSimulator({ now: () => NOON, wait: async (ms) => waits.push(ms) });
  await simulator.start(receive ?? (async (message) => void messages.push(message)));
  const watch = (address: string) => {
    const events: PhoneEvent[] = [];
    return { events, leave: simulator.subscribe(address, (event) => events.push(event)) };
  };
  return { simulator, messages, waits, watch };
}

function screen(simulator: ReturnType<typeof createSimulator>, address: string): Item[] {
  let items: Item[] = [];
  simulator.subscribe(address, (event) => {
    if (event.type === 'snapshot') items = event.items;
  })();
  return items;
}

describe('a person who holds a simulated phone', () => {
  it('reaches the service with words, and sees when they are received', async () => {
    const { simulator, messages, watch } = await running();
    const { events } = watch('defender');
    simulator.make('defender', { type: 'text', text: 'Bonjour' });
    await simulator.settled();
    expect(messages).toMatchObject([
      {
        channel: 'simulator',
        address: 'defender',
        sentAt: NOON,
        content: { kind: 'text', text: 'Bonjour' },
      },
    ]);
    expect(messages[0]?.messageRef).toBe(messages[0]?.id);
    expect(events.map((event) => event.type)).toEqual(['snapshot', 'message', 'received']);
  });

  it('hears a voice note of the service, which lies ready for the page', async () => {
    const { simulator } = await running();
    const voice = { bytes: new Uint8Array([79, 103, 103, 83]), seconds: 3.2 };
    const sent = await simulator.send('defender', { text: '', voice }, never);
    const id = sent.ok ? sent.messageRef : '';
    expect(screen(simulator, 'defender')).toMatchObject([
      { id, from: 'service', text: '', attachment: { type: 'file', kind: 'voice', seconds: 3.2 } },
    ]);
    expect(simulator.file('defender', id)).toEqual({ bytes: voice.bytes, mediaType: 'audio/ogg' });
    const empty = { text: '', voice: { ...voice, bytes: new Uint8Array() } };
    expect(await simulator.send('defender', empty, never)).toMatchObject({ ok: false, reason: 'rejected' });
  });

  it('sees the answer with its buttons, and can press one', async () => {
    const { simulator, messages, watch } = await running();
    const { events } = watch('defender');
    const rows = [[{ label: 'Oui', data: 'a:1:yes' }], [{ label: 'Non', data: 'a:1:no' }]];
    const sent = await simulator.send('defender', { text: 'En danger ?', rows }, never);
    const id = sent.ok ? sent.messageRef : '';
    expect(screen(simulator, 'defender')).toMatchObject([
      { id, from: 'service', text: 'En danger ?', rows, at: NOON.toISOString() },
    ]);
    expect(simulator.make('defender', { type: 'press', id, data: 'a:1:yes' }).ok).toBe(true);
    await simulator.settled();
    expect(messages).toMatchObject([{ messageRef: id, content: { kind: 'button', data: 'a:1:yes' } }]);
    expect(events).toContainEqual({ type: 'pressed', id, label: 'Oui' });
  });

  it('cannot press a button that is no longer there', async () => {
    const { simulator, messages } = await running();
    const rows = [[{ label: 'Je prends', data: 'take' }]];
    const sent = await simulator.send('officer', { text: 'Page', rows }, never);
    const id = sent.ok ? sent.messageRef : '';
    await simulator.edit('officer', id, { text: 'Prise à 14:02' }, never);
    expect(simulator.make('officer', { type: 'press', id, data: 'take' })).toEqual({
      ok: false,
      reason: 'no_such_button',
    });
    expect(messages).toEqual([]);
  });

  it('can send a voice note, and the service fetches exactly what was said', async () => {
    const { simulator, messages } = await running();
    const made = simulator.make('defender', {
      type: 'file',
      kind: 'voice',
      mediaType: 'audio/webm',
      base64: Buffer.from('a voice').toString('base64'),
      seconds: 4,
    });
    await simulator.settled();
    const content = messages[0]?.content;
    if (content?.kind !== 'file') throw new Error('no file arrived');
    expect(content.file).toMatchObject({ kind: 'voice', size: 7, mediaType: 'audio/webm', seconds: 4 });
    const fetched = await simulator.fetchFile(content.file, never);
    expect(fetched.ok && (await new Response(fetched.stream).text())).toBe('a voice');
    const id = made.ok ? made.id : '';
    expect(simulator.file('defender', id)?.mediaType).toBe('audio/webm');
    expect(simulator.file('officer', id)).toBeUndefined();
  });

  it('can send a photo with words, a place and a sticker', async () => {
    const { simulator, messages } = await running();
    const base64 = Buffer.from('pixels').toString('base64');
    simulator.make('defender', {
      type: 'file',
      kind: 'photo',
      mediaType: 'image/jpeg',
      base64,
      caption: 'Ici',
    });
    simulator.make('defender', { type: 'location', latitude: 12.63, longitude: -8 });
    simulator.make('defender', { type: 'sticker' });
    await simulator.settled();
    expect(messages.map((message) => message.content)).toMatchObject([
      { kind: 'file', caption: 'Ici', file: { kind: 'photo' } },
      { kind: 'location', latitude: 12.63, longitude: -8 },
      { kind: 'unsupported', what: 'sticker' },
    ]);
  });

  it('can reply to a message of the service, and to no other, and send a contact', async () => {
    const { simulator, messages } = await running();
    const sent = await simulator.send('defender', { text: 'Où ?' }, never);
    const question = sent.ok ? sent.messageRef : '';
    simulator.make('defender', { type: 'text', text: 'Kati', quotes: question });
    const own = simulator.make('defender', { type: 'card', name: 'Fanta', number: '+223 70 00 00 00' });
    simulator.make('defender', { type: 'text', text: 'elle', quotes: own.ok ? own.id : '' });
    simulator.make('defender', { type: 'text', text: 'rien', quotes: 'nothing-like-it' });
    await simulator.settled();
    expect(messages.map(({ content }) => content)).toMatchObject([
      { text: 'Kati' },
      { kind: 'card', what: 'contact', words: 'Fanta\n+223 70 00 00 00' },
      { text: 'elle' },
      { text: 'rien' },
    ]);
    expect(messages.map(({ repliesTo }) => repliesTo)).toEqual([question, undefined, undefined, undefined]);
    expect(screen(simulator, 'defender').map(({ quotes }) => quotes)).toEqual([
      undefined,
      'Où ?',
      undefined,
      '',
      undefined,
    ]);
  });

  it('can change what they wrote, and the service is told that it is a change', async () => {
    const { simulator, messages } = await running();
    const made = simulator.make('defender', { type: 'text', text: 'Kayes' });
    const id = made.ok ? made.id : '';
    simulator.make('defender', { type: 'edit', id, text: 'Kati' });
    await simulator.settled();
    expect(messages[1]).toMatchObject({
      messageRef: id,
      content: { kind: 'text', text: 'Kati', edited: true },
    });
    expect(messages[1]?.id).not.toBe(messages[0]?.id);
    expect(screen(simulator, 'defender')).toMatchObject([{ text: 'Kati', edited: true }]);
  });

  it('can block the service, which then reaches no one until it is let in again', async () => {
    const { simulator, messages } = await running();
    simulator.make('defender', { type: 'block', blocked: true });
    expect(await simulator.send('defender', { text: 'Bien reçu' }, never)).toEqual({
      ok: false,
      reason: 'blocked',
    });
    simulator.make('defender', { type: 'block', blocked: false });
    expect((await simulator.send('defender', { text: 'Bien reçu' }, never)).ok).toBe(true);
    await simulator.settled();
    expect(messages.map((message) => message.content.kind)).toEqual(['blocked', 'unblocked']);
  });

  it('sees what the service deletes disappear, their own words too', async () => {
    const { simulator, watch } = await running();
    const made = simulator.make('defender', { type: 'text', text: 'à effacer' });
    const id = made.ok ? made.id : '';
    const { events } = watch('defender');
    expect((await simulator.retract('defender', id, never)).ok).toBe(true);
    expect(events.at(-1)).toEqual({ type: 'deleted', id });
    expect(await simulator.retract('defender', id, never)).toMatchObject({ ok: false, reason: 'rejected' });
  });

  it('does not see what another phone shows', async () => {
    const { simulator, watch } = await running();
    const { events } = watch('defender-2');
    await simulator.send('defender', { text: 'pour une seule personne' }, never);
    expect(events).toEqual([{ type: 'snapshot', items: [], blocked: false, connected: true }]);
  });
});

describe('an officer without network', () => {
  it('is unreachable, and what they did reaches the service when the network is back, in order', async () => {
    const { simulator, messages } = await running();
    simulator.make('officer', { type: 'network', connected: false });
    expect(await simulator.send('officer', { text: 'Page' }, never)).toMatchObject({
      ok: false,
      reason: 'unreachable',
    });
    simulator.make('officer', { type: 'text', text: 'un' });
    simulator.make('officer', { type: 'text', text: 'deux' });
    await simulator.settled();
    expect(messages).toEqual([]);
    simulator.make('officer', { type: 'network', connected: true });
    await simulator.settled();
    expect(messages.map(({ content }) => content)).toMatchObject([{ text: 'un' }, { text: 'deux' }]);
  });
});

describe('a service that cannot save', () => {
  it('gets the same message again until it is saved, and the next one only after it', async () => {
    const seen: string[] = [];
    let refusals = 3;
    const { simulator, waits } = await running(async ({ id, content }) => {
      seen.push(`${content.kind === 'text' ? content.text : content.kind} ${id.length}`);
      if (refusals-- > 0) throw new Error('database down');
    });
    simulator.make('defender', { type: 'text', text: 'SOS' });
    simulator.make('defender', { type: 'text', text: 'vite' });
    await simulator.settled();
    expect(seen).toEqual(['SOS 36', 'SOS 36', 'SOS 36', 'SOS 36', 'vite 36']);
    expect(waits).toEqual([250, 500, 1_000]);
    expect(screen(simulator, 'defender').every((item) => item.received)).toBe(true);
  });

  it('stops without losing what it had not saved, and gets it after the next start', async () => {
    const simulator = createSimulator({ wait: (_, signal) => signalled(signal) });
    await simulator.start(async () => Promise.reject(new Error('database down')));
    simulator.make('defender', { type: 'text', text: 'SOS' });
    await simulator.stop();
    expect(simulator.health().state).toBe('down');
    expect(simulator.make('defender', { type: 'text', text: 'trop tard' })).toMatchObject({
      reason: 'stopped',
    });
    const messages: IncomingMessage[] = [];
    await simulator.start(async (message) => void messages.push(message));
    await simulator.settled();
    expect(messages.map(({ content }) => content)).toEqual([{ kind: 'text', text: 'SOS' }]);
  });

  it('lets one phone wait without holding up the others', async () => {
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<string>();
    const { simulator } = await running(async ({ address }) => {
      if (address === 'defender') return gate.promise;
      reached.resolve(address);
    });
    simulator.make('defender', { type: 'text', text: 'un' });
    simulator.make('officer', { type: 'text', text: 'deux' });
    expect(await reached.promise).toBe('officer');
    gate.resolve();
    await simulator.settled();
  });
});

describe('what Telegram would refuse', () => {
  it.each([
    ['an empty text', { text: '  ' }, 'message_text_is_empty'],
    ['a text of 4,097 characters', { text: 'x'.repeat(4_097) }, 'message_is_too_long'],
    [
      'a button of 65 bytes',
      { text: 'ok', rows: [[{ label: 'a', data: 'é'.repeat(33) }]] },
      'button_data_invalid',
    ],
  ])('is refused here too: %s', async (_, message, code) => {
    const { simulator } = await running();
    expect(await simulator.send('defender', message, never)).toEqual({ ok: false, reason: 'rejected', code });
  });
});

describe('the memory of the simulator', () => {
  it('keeps the last 400 messages of a phone and forgets the ones before', async () => {
    const { simulator } = await running();
    for (let n = 0; n < 450; n += 1) await simulator.send('defender', { text: `n° ${n}` }, never);
    const items = screen(simulator, 'defender');
    expect(items).toHaveLength(400);
    expect(items[0]?.text).toBe('n° 50');
  });

  it('forgets the oldest files beyond 64 MB and says that they are gone', async () => {
    const { simulator, messages } = await running();
    const base64 = Buffer.alloc(5 * 1024 * 1024).toString('base64');
    const photo: Gesture = { type: 'file', kind: 'photo', mediaType: 'image/png', base64 };
    for (let n = 0; n < 14; n += 1) simulator.make('defender', photo);
    await simulator.settled();
    const files = messages.map(({ content }) => (content.kind === 'file' ? content.file.ref : ''));
    const fates = await Promise.all(files.map((ref) => simulator.fetchFile({ kind: 'photo', ref }, never)));
    expect(fates.map((fate) => fate.ok)).toEqual([false, false, ...Array(12).fill(true)]);
  });

  it('keeps at most 200 phones, and never forgets one that a person is watching', async () => {
    const { simulator, watch } = await running();
    watch('officer');
    await simulator.send('officer', { text: 'gardé' }, never);
    await simulator.send('defender', { text: 'oublié' }, never);
    for (let n = 0; n < 210; n += 1) await simulator.send(`defender-${n}`, { text: 'x' }, never);
    expect(screen(simulator, 'officer')).toHaveLength(1);
    expect(screen(simulator, 'defender')).toHaveLength(0);
  });
});

describe('a gesture from the page', () => {
  it.each([
    [{ type: 'text', text: 'bonjour' }, true],
    [{ type: 'text', text: 'x'.repeat(24_001) }, false],
    [{ type: 'file', kind: 'voice', mediaType: 'audio/webm;codecs=opus', base64: 'AAAA' }, true],
    [{ type: 'file', kind: 'voice', mediaType: 'text/html<script>', base64: 'AAAA' }, false],
    [{ type: 'file', kind: 'photo', mediaType: 'image/png', base64: 'not base64!' }, false],
    [{ type: 'location', latitude: 91, longitude: 0 }, false],
    [{ type: 'press', id: 'x', data: 'y'.repeat(65) }, false],
    [{ type: 'text', text: 'ok', extra: 1 }, false],
    [{ type: 'unknown' }, false],
  ])('is taken only in its known shape (%#)', (value, isTaken) => {
    expect(gesture.safeParse(value).success).toBe(isTaken);
  });
});

function signalled(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}
