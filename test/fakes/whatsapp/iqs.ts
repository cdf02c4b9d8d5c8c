/** What the bot asks the server (`<iq>`), each question with its answer. */
import { proto, S_WHATSAPP_NET } from '@whiskeysockets/baileys';
import type { Account } from './account.ts';
import type { MediaHost } from './media.ts';
import type { Person } from './person.ts';
import { child, children, holding, type Stanza, stanza, userOf } from './wire.ts';

export type World = {
  account: Account;
  media: MediaHost;
  /** The person with this number or LID. */
  find: (user: string) => Person | undefined;
};

type Answer = (iq: Stanza, world: World) => Stanza[] | Promise<Stanza[]>;

/** `xmlns/type/first child`; a question that is not here is refused. */
const ANSWERS: Record<string, Answer> = {
  'w:p/get/ping': () => [],
  'passive/set/active': () => [],
  'passive/set/passive': () => [],
  'encrypt/get/count': (_iq, { account }) => [
    stanza('count', { value: String(account.linked?.preKeys.length ?? 0) }),
  ],
  'encrypt/set/registration': (iq, { account }) => {
    account.learns(iq);
    return [];
  },
  'encrypt/set/rotate': (iq, { account }) => {
    const signed = child(child(iq, 'rotate'), 'skey');
    if (account.linked && signed) account.linked.signedPreKey = signed;
    return [];
  },
  'encrypt/get/digest': (_iq, { account }) => {
    const { registration, identity, signedPreKey } = account.linked ?? {};
    const known = [stanza('registration', {}, registration), stanza('identity', {}, identity)];
    return [stanza('digest', {}, signedPreKey ? [...known, signedPreKey] : known)];
  },
  'encrypt/get/key': async (iq, world) => {
    const asked = children(child(iq, 'key')).map(({ attrs }) => attrs.jid ?? '');
    const users = asked.map(async (jid) => stanza('user', { jid }, await keysOf(jid, world)));
    return [stanza('list', {}, await Promise.all(users))];
  },
  'usync/get/usync': (iq, world) => {
    const query = child(iq, 'usync');
    const asked = children(child(query, 'query')).map(({ tag }) => tag);
    const users = children(child(query, 'list')).map((user) => known(user, asked, world));
    return [stanza('usync', query?.attrs, [stanza('list', {}, users)])];
  },
  'abt/get/props': () => [stanza('props', { protocol: '1', hash: 'fake' })],
  'blocklist/get/': () => [stanza('list')],
  'privacy/get/privacy': () => [
    stanza('privacy', {}, [stanza('category', { name: 'readreceipts', value: 'all' })]),
  ],
  'privacy/set/tokens': () => [],
  'w:sync:app:state/set/sync': (iq, { account: { settings } }) => {
    const asked = children(child(iq, 'sync'));
    const file = settings && proto.ExternalBlobReference.encode(settings).finish();
    const kept = asked.map(({ attrs }) =>
      stanza('collection', { name: attrs.name, version: '0' }, file && [holding('snapshot', file)]),
    );
    return [stanza('sync', {}, kept)];
  },
  'w:m/set/media_conn': (_iq, { media }) => [
    stanza('media_conn', { auth: 'fake', ttl: '300', auth_ttl: '300', max_buckets: '12' }, [
      stanza('host', { hostname: media.host }),
    ]),
  ],
  'urn:xmpp:whatsapp:dirty/set/clean': () => [],
  'w:stats/set/add': () => [],
  'md/set/remove-companion-device': () => [],
};

export const questionOf = (iq: Stanza): string =>
  `${iq.attrs.xmlns}/${iq.attrs.type}/${children(iq)[0]?.tag ?? ''}`;

/** The answer, or a refusal with `code`. */
export async function answerTo(iq: Stanza, world: World, code?: number): Promise<Stanza> {
  const answer = code === undefined ? ANSWERS[questionOf(iq)] : undefined;
  const about = { from: S_WHATSAPP_NET, id: iq.attrs.id };
  if (answer) return stanza('iq', { ...about, type: 'result' }, await answer(iq, world));
  const error = stanza('error', { code: String(code ?? 501), text: 'feature-not-implemented' });
  return stanza('iq', { ...about, type: 'error' }, [error]);
}

async function keysOf(jid: string, { account, find }: World): Promise<Stanza[]> {
  const user = userOf(jid);
  const device = account.owns(user) ? account.handset : find(user)?.device;
  return (await device?.bundle()) ?? [stanza('error', { code: '404', text: 'item-not-found' })];
}

/** What is known of one user: devices, LID, whether the number is on WhatsApp at all. */
function known(user: Stanza, asked: string[], { account, find }: World): Stanza {
  const phone = Buffer.from((child(user, 'contact')?.content ?? '') as Uint8Array)
    .toString()
    .replace('+', '');
  const jid = user.attrs.jid ?? `${phone}@s.whatsapp.net`;
  const own = account.owns(userOf(jid)) ? account : undefined;
  const person = own ?? find(userOf(jid));
  const devices = [stanza('device', { id: '0' })];
  if (own?.linked)
    devices.push(stanza('device', { id: String(own.linked.device), 'key-index': String(own.linked.device) }));
  const facts: Record<string, Stanza | undefined> = {
    devices: person && stanza('devices', {}, [stanza('device-list', {}, devices)]),
    lid: person && !jid.endsWith('@lid') ? stanza('lid', { val: `${person.lidUser}@lid` }) : undefined,
    contact: stanza('contact', { type: person ? 'in' : 'out' }),
  };
  const told = asked.map((fact) => facts[fact]).filter((fact) => fact !== undefined);
  return stanza('user', { jid }, told);
}
