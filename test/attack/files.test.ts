/** Files that a stranger sends, and addresses that a stranger names: what the server fetches, and what comes of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callHttp } from '../../src/channels/http-call.ts';
import { isPublicAddress, openStrangers, originOn, publicLookup } from '../../src/channels/outside.ts';
import { isPushService } from '../../src/channels/push/push-channel.ts';
import { fetchMedia, type Media } from '../../src/channels/whatsapp/media.ts';
import { MEDIA_HOSTS } from '../../src/channels/whatsapp/media-hosts.ts';
import { hours } from '../../src/kernel/time.ts';
import { openHouse } from '../app/house.ts';
import { Faults } from '../fakes/whatsapp/faults.ts';
import { MediaHost } from '../fakes/whatsapp/media.ts';

const VOICE = Buffer.alloc(100_000, 'a voice that shakes');
const real = { ...MEDIA_HOSTS };
const authorities = tls.getCACertificates('default');
const faults = new Faults();
const host = new MediaHost(faults);
/** A server in the office's own network: whatever is asked of it was asked by us. */
const inside = createServer((request, response) => {
  askedInside.push(request.url ?? '');
  response.end('a secret of the office');
});
const askedInside: string[] = [];
let insideAt = '';

beforeAll(async () => {
  await host.listen();
  await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done));
  insideAt = `127.0.0.1:${(inside.address() as AddressInfo).port}`;
  tls.setDefaultCACertificates([...authorities, host.certificate.cert]);
  Object.assign(MEDIA_HOSTS, { usual: host.origin, hosts: { names: [], origins: [host.origin] } });
});
afterAll(async () => {
  Object.assign(MEDIA_HOSTS, real);
  tls.setDefaultCACertificates(authorities);
  await host.close();
  inside.close();
});
beforeEach(() => {
  askedInside.splice(0);
  host.asked.splice(0);
});

const fetched = (media: Media, patience = {}, maxBytes = 1_000_000) =>
  fetchMedia(media, 'audio', { maxBytes, signal: AbortSignal.timeout(30_000), patience });

/** The bytes, or the code with which the stream ends. */
async function whatComes(...asked: Parameters<typeof fetched>): Promise<Buffer | string> {
  const found = await fetched(...asked);
  if (!found.ok) return found.code;
  try {
    return Buffer.from(await new Response(found.stream).bytes());
  } catch (error) {
    return (error as { code?: string }).code ?? 'an error without a code';
  }
}

describe('a stranger’s phone', () => {
  it('sends a voice note that comes as it was said', async () => {
    for (const length of [0, 1, 9, 10, 15, 16, 17, 31, VOICE.length]) {
      const bytes = VOICE.subarray(0, length);
      expect(await whatComes(await host.put(bytes, 'audio'))).toEqual(bytes);
    }
  });

  it('cannot make the server ask anybody but the messenger’s own hosts for a file', async () => {
    const { directPath: _, url: __, ...sealed } = await host.put(VOICE, 'audio');
    const elsewhere = [
      `http://${insideAt}/x`,
      `https://${insideAt}/x`,
      `${host.origin}@${insideAt}/x`,
      `https://mmg.whatsapp.net@${insideAt}/x`,
      `https://localhost:${insideAt.split(':')[1]}/x`,
      'https://169.254.169.254/latest/meta-data',
      'file:///etc/passwd',
      'data:text/plain,x',
      '/etc/passwd',
      'x',
    ];
    for (const url of elsewhere) {
      expect(await fetched({ ...sealed, url })).toMatchObject({ ok: false, reason: 'gone' });
      // With a path of its own the message is asked for at the messenger, where there is no such file.
      expect(await fetched({ ...sealed, url, directPath: '/x' })).toMatchObject({ code: 'http_404' });
    }
    for (const directPath of [`@${insideAt}/x`, `.${insideAt}/x`, `\\@${insideAt}/x`, `//${insideAt}/x`]) {
      const { ok } = await fetched({ ...sealed, url: host.origin, directPath });
      expect(ok).toBe(false);
    }
    expect(askedInside).toEqual([]);
  });

  it('cannot use a name or a port that only looks like one of the messenger’s', () => {
    const { hosts } = real;
    const open = ['https://mmg.whatsapp.net/x', 'https://media-mrs2-1.cdn.whatsapp.net/x'];
    const closed = [
      'http://mmg.whatsapp.net/x',
      'https://mmg.whatsapp.net:8443/x',
      'https://mmg.whatsapp.net.evil.example/x',
      'https://evil.example/mmg.whatsapp.net',
      'https://evilcdn.whatsapp.net/x',
      'https://cdn.whatsapp.net.evil.example/x',
      'https://user@mmg.whatsapp.net/x',
      'https://127.0.0.1/x',
      'https://[::1]/x',
      'ftp://mmg.whatsapp.net/x',
    ];
    expect(open.map((url) => originOn(hosts, url) !== undefined)).toEqual(open.map(() => true));
    expect(closed.map((url) => originOn(hosts, url))).toEqual(closed.map(() => undefined));
  });

  it('cannot reach the office’s own network by a name that leads there, nor by one that leads there a moment later', async () => {
    const hosts = { names: ['files.example.org'] };
    const answers = [
      [{ address: '10.0.0.5', family: 4 }],
      [{ address: '::ffff:127.0.0.1', family: 6 }],
      [
        { address: '127.0.0.1', family: 4 },
        { address: 'fd00::1', family: 6 },
      ],
    ];
    for (const found of answers) {
      const lookup = publicLookup((_name, _how, done) => done(null, found));
      const opening = openStrangers('https://files.example.org/x', hosts, {}, { signal: soon(), lookup });
      await expect(opening).rejects.toMatchObject({ code: 'address_not_allowed' });
    }
    // Of a name that leads to both, only what is public is connected to: the check and the connection share one answer.
    let asked = 0;
    const twice = publicLookup((_name, _how, done) => {
      asked += 1;
      done(null, [{ address: asked === 1 ? '198.41.0.4' : '127.0.0.1', family: 4 }]);
    });
    const given = await new Promise((done) => twice('files.example.org', {}, (_error, at) => done(at)));
    expect([given, asked]).toEqual(['198.41.0.4', 1]);
  });

  it('cannot reach any address that is not everybody’s', () => {
    const inner =
      '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.1.1.1 169.254.169.254 172.16.0.1 192.168.1.1 224.0.0.1 255.255.255.255 :: ::1 fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1:: 2001:0::1';
    expect(inner.split(' ').filter(isPublicAddress)).toEqual([]);
    expect(['8.8.8.8', '157.240.1.60', '2a03:2880:f21f:c4:face:b00c::167'].every(isPublicAddress)).toBe(true);
    expect(isPublicAddress('not an address')).toBe(false);
  });

  it('cannot send the server on from the messenger’s host to another one', async () => {
    const media = await host.put(VOICE, 'audio');
    host.spoils.push({ redirect: `http://${insideAt}/x` });
    expect(await fetched(media)).toMatchObject({ ok: false, reason: 'gone', code: 'http_302' });
    expect(askedInside).toEqual([]);
  });

  it('cannot have a file called whole of which one bit is another, or that is not the one it announced', async () => {
    const media = await host.put(VOICE, 'audio');
    const other = await host.put(Buffer.from('another'), 'audio');
    host.spoils.push('flip');
    expect(await whatComes(media)).toBe('file_altered');
    const { fileSha256, fileEncSha256, mediaKey } = other;
    expect(await whatComes({ ...media, fileSha256 })).toBe('file_altered');
    expect(await whatComes({ ...media, fileEncSha256 })).toBe('file_altered');
    expect(await whatComes({ ...media, mediaKey })).toBe('file_altered');
    expect(await whatComes(media)).toEqual(VOICE);
  });

  it('cannot end the service, or hold a worker, by a file that is cut off, goes silent, drips or never ends', async () => {
    const media = await host.put(VOICE, 'audio');
    host.spoils.push('cut', 'stall', 'drip', 'longer');
    expect(await whatComes(media)).toBe('file_cut');
    expect(await whatComes(media, { silence: 50 })).toBe('outside_silent');
    expect(await whatComes(media, { whole: 100 })).toBe('file_cut');
    // The part that seals it stops reading beyond the limit, and the connection is closed.
    const endless = await fetched(media);
    if (!endless.ok) throw new Error('it did not even begin');
    const reader = endless.stream.getReader();
    await reader.read();
    await reader.cancel();
    faults.add({ on: 'download', with: 'hang' });
    expect(await fetched(media, { firstByte: 50 })).toMatchObject({
      reason: 'unreachable',
      code: 'outside_first_byte_timeout',
    });
    // Nobody reads, and the connection breaks: nobody is ended by it.
    host.spoils.push('cut');
    expect((await fetched(media)).ok).toBe(true);
    expect(await whatComes(media)).toEqual(VOICE);
  });

  it('cannot make the server take in more than a file may have, whatever size it names', async () => {
    expect(await fetched(await host.put(VOICE, 'audio'), {}, 50_000)).toMatchObject({ reason: 'too_big' });
  });
});

describe('a stranger’s phone, and the disk', () => {
  it('cannot fill it by 25 films that are said to be of one byte, sent before any of them is fetched', async () => {
    const house = await openHouse({ floodPerMinute: 1_000 });
    try {
      house.ctx.settings.files = { perPerson: 10_000_000, voice: 1_000_000, perCase: 20_000_000 };
      const stranger = house.person('Stranger');
      await stranger.says('SOS');
      const film = Buffer.alloc(2_900_000, 'film');
      for (let n = 0; n < 25; n++) {
        house.phones.upload(`film-${n}`, film);
        await stranger.sends('video', `film-${n}`, { size: 1 });
      }
      let room: 'plenty' | 'none' = 'plenty';
      house.ctx.diskRoom = { state: () => room, look: async () => undefined };
      const last = house.toFetch.splice(20);
      await house.fetch();
      const kept = () =>
        house.database.sql`select coalesce(sum(length(ciphertext)), 0)::int as bytes from evidence_chunks`;
      const [full] = await kept();
      expect(full?.bytes).toBeGreaterThan(5_000_000);
      expect(full?.bytes).toBeLessThan(10_000_000);
      // Another day, and no room on the disk.
      house.clock.advance(hours(25));
      room = 'none';
      house.toFetch.push(...last);
      await house.fetch();
      expect((await kept())[0]).toEqual(full);
      await stranger.says('SOS');
      expect(stranger.screen().join('\n')).toContain('nous manquons de place');
    } finally {
      await house.close();
    }
  });
});

describe('a service outside', () => {
  it('cannot fill the memory with an answer that never ends: what it said first counts', async () => {
    const endless = createServer((_request, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(100_000, 'x')), 0);
      response.on('close', () => clearInterval(timer));
    });
    await new Promise<void>((done) => endless.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    const answer = await callHttp(url, { headers: {} }, soon());
    expect(answer.ok && answer.body.length).toBe(20_000);
    endless.closeAllConnections();
    endless.close();
  });

  it('is asked at the address that the operator set, also in the office’s own network', async () => {
    expect(await callHttp(`http://${insideAt}/ntfy`, { headers: {} }, soon())).toMatchObject({ ok: true });
    expect(askedInside).toEqual(['/ntfy']);
  });
});

describe('a member’s browser', () => {
  it('cannot have pushes sent to anything but a push service, or to one by another way than https', async () => {
    const wrong = [
      `http://${insideAt}/x`,
      'http://fcm.googleapis.com/x',
      'https://fcm.googleapis.com:8080/x',
      'https://fcm.googleapis.com.evil.example/x',
      'https://evil.notify.windows.com.evil.example/x',
    ];
    expect(wrong.filter((endpoint) => isPushService(endpoint, false))).toEqual([]);
    expect(isPushService('https://fcm.googleapis.com/fcm/send/x', false)).toBe(true);
    const hosts = { names: ['fcm.googleapis.com'] };
    const sent = await callHttp(`http://${insideAt}/x`, { headers: {}, body: 'x' }, soon(), { hosts });
    expect(sent).toEqual({ ok: false, reason: 'rejected', code: 'address_not_allowed' });
    expect(askedInside).toEqual([]);
  });
});

describe('the server', () => {
  it('opens addresses in one place only', () => {
    const source = resolve(import.meta.dirname, '../../src');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.tsx?$/.test(file) && !file.startsWith('web/'),
    );
    const opening = files.filter((file) =>
      /\bfetch\(|^import (?!type)[^;]*from '(node:)?(https?|undici)'|downloadContentFromMessage|downloadMediaMessage/m.test(
        readFileSync(join(source, file), 'utf8').replace(/^\s*(\/?\*|\/\/).*$/gm, ''),
      ),
    );
    expect(opening).toEqual(['channels/outside.ts']);
  });
});

const soon = () => AbortSignal.timeout(30_000);
