/** The only file of the console that talks to the service. Never throws: what went wrong is a word. */

import type { SealedWords } from '../../app/console/all-cases.ts';
import type { SealedCase } from '../../app/console/case-room.ts';
import type { CaseWords } from '../../app/console/case-words.ts';
import type { Inbox } from '../../app/console/inbox.ts';
import type { WaitingInvitation } from '../../app/console/invitations.ts';
import type { ListedDevice, ListedMember } from '../../app/console/members.ts';
import type { OpeningTrial } from '../../app/console/opening-trial.ts';
import type { HeldPush } from '../../app/console/pushes.ts';
import type { CaseWraps, TeamKeyState } from '../../app/console/team-key.ts';
import type { AuditLine, BareAuditLine } from '../../app/records/audit.ts';
import type { Me, Requests } from '../../http/console/api.ts';
import { type Coming, unpackComing } from '../../kernel/packed.ts';
import { caseAhead, signInAhead } from './ahead.ts';
import type { StreamEvent } from './line.ts';

export type { AlertOfCase } from '../../app/console/case-room.ts';
export type { CaseWords } from '../../app/console/case-words.ts';
export type { Inbox, InboxAlert, InboxCase } from '../../app/console/inbox.ts';
export type { WaitingInvitation } from '../../app/console/invitations.ts';
export type { ListedMember } from '../../app/console/members.ts';
export type { TeamKeyState } from '../../app/console/team-key.ts';
export type { AuditLine, BareAuditLine } from '../../app/records/audit.ts';
export type { Me } from '../../http/console/api.ts';

/** What is sealed comes in pieces: the first is opened while the last is on its way. */
export type CaseComing = Coming<SealedCase>;
export type WordsComing = Coming<SealedWords>;
export type WrapsComing = Coming<CaseWraps>;

/** `by`, `at`: who has taken an alert, and when, if that is why. */
export type Refusal = { ok: false; why: string; by?: string; at?: string };
export type Outcome<T> = { ok: true; value: T } | Refusal;

let hearsEnd: (() => void) | undefined;
/** Calls back when the service says that nobody is signed in any more; undefined: nobody listens. */
export function whenSignedOut(hears: (() => void) | undefined): void {
  hearsEnd = hears;
}

/** Milliseconds before a request counts as lost: the network is slow here. */
const PATIENCE = 30_000;
/** For a few letters that only tell whether anybody is there. */
const SHORT_PATIENCE = 8_000;

/** `asked`: a request that was begun ahead, instead of a new one. */
async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  asked?: Promise<Response>,
  patience = PATIENCE,
): Promise<Outcome<T>> {
  try {
    const response = await (asked ??
      fetch(`/console/api${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(patience),
      }));
    if (response.status === 401 && !asked && !path.startsWith('/sign-in')) hearsEnd?.();
    if (response.ok) return { ok: true, value: (await read(response)) as T };
    type Said = { error?: string; by?: string; at?: string };
    const { error, by, at } = (await response.json().catch(() => ({}))) as Said;
    return { ok: false, why: error ?? 'refused', ...(by && at ? { by, at } : {}) };
  } catch {
    return { ok: false, why: 'lost' };
  }
}

/** JSON, or a value with bytes in it, which come one after the other. */
async function read(response: Response): Promise<unknown> {
  const isPacked = response.headers.get('content-type') === 'application/octet-stream';
  return isPacked && response.body ? unpackComing(response.body) : response.json();
}

type SealedPage = Coming<{ cases: SealedWords[]; next: string | null }>;
type Begun = {
  options: never;
  name: string;
  role: Me['role'];
  team: Me['team'];
  /** For one more device: the member's own key, under the key in the link. */
  wrappedSecret: string | null;
};
type WrapsPage = Coming<{ cases: CaseWraps[]; next: string | null }>;
type MyPushes = { publicKey: string; held: HeldPush | null };
export type MyDevice = ListedDevice & { isThis: boolean };
type SignedIn = { me: Me; wrappedBy: 'prf' | 'passphrase'; wrappedSecret: string };
type Colleague = { id: string; name: string; isOnDuty: boolean };
export type Session = { id: string; createdAt: string; lastSeenAt: string; isThis: boolean };
/** `link` null: a second administrator must say yes first. */
type Invited = { link: string | null; expiresAt: string };

async function sealedCase(reference: string): Promise<Outcome<CaseComing>> {
  const asked = caseAhead(reference);
  const answer = asked && (await ask<CaseComing>('GET', `/cases/${reference}`, undefined, asked));
  return answer?.ok ? answer : ask<CaseComing>('GET', `/cases/${reference}`);
}

export const api = {
  beginJoining: (code: string) => ask<Begun>('POST', '/join/begin', { code }),
  join: (body: Requests['join']) => ask<Me>('POST', '/join', body),
  beginSigningIn: () => ask<never>('POST', '/sign-in/begin', {}, signInAhead()),
  signIn: (body: Requests['signIn']) => ask<SignedIn>('POST', '/sign-in', body),
  signOut: () => ask('POST', '/sign-out', {}),
  me: () => ask<Me>('GET', '/me'),
  words: (language: string) => ask<CaseWords>('GET', `/words/${language}`),
  /** A word that is another one whenever something may have changed. */
  news: () => ask<{ news: string }>('GET', '/news', undefined, undefined, SHORT_PATIENCE),
  inbox: () => ask<Inbox>('GET', '/inbox'),
  case: sealedCase,
  openingTrial: () => ask<Coming<{ trial: OpeningTrial | null }>>('POST', '/opening-trial', {}),
  answerOpeningTrial: (body: Requests['openingTrial']) => ask('POST', '/opening-trial/answer', body),
  sealedCases: (after: string) => ask<SealedPage>('GET', `/sealed-cases?after=${after}`),
  decide: (reference: string, body: Requests['decide']) => ask('POST', `/alerts/${reference}`, body),
  reply: (reference: string, body: Requests['reply']) => ask('POST', `/cases/${reference}/replies`, body),
  level: (reference: string, body: Requests['level']) => ask('POST', `/cases/${reference}/level`, body),
  colleagues: () => ask<Colleague[]>('GET', '/colleagues'),
  sessions: () => ask<Session[]>('GET', '/sessions'),
  endSession: (id: string) => ask('DELETE', `/sessions/${id}`),
  members: () => ask<ListedMember[]>('GET', '/members'),
  officers: () => ask<{ id: string; name: string }[]>('GET', '/officers'),
  invite: (body: Requests['invite']) => ask<Invited>('POST', '/members', body),
  invitations: () => ask<WaitingInvitation[]>('GET', '/invitations'),
  sayYes: (id: string) => ask('POST', `/invitations/${id}/yes`, {}),
  invitationLink: (id: string) => ask<Invited>('POST', `/invitations/${id}/link`, {}),
  dropInvitation: (id: string) => ask('DELETE', `/invitations/${id}`),
  grant: (id: string, body: Requests['grant']) => ask('POST', `/members/${id}/grant`, body),
  myDevices: () => ask<MyDevice[]>('GET', '/my-devices'),
  linkDevice: (body: Requests['linkDevice']) => ask<{ code: string }>('POST', '/my-devices', body),
  revokeMyDevice: (id: string) => ask('DELETE', `/my-devices/${id}`),
  pushes: () => ask<MyPushes>('GET', '/my-pushes'),
  startPushes: (body: Requests['push']) => ask('POST', '/my-pushes', body),
  stopPushes: () => ask('DELETE', '/my-pushes'),
  audit: () => ask<(AuditLine | BareAuditLine)[]>('GET', '/audit'),
  teamKey: () => ask<TeamKeyState>('GET', '/team-key'),
  noteTeamKey: (body: Requests['teamKey']) => ask('POST', '/team-key', body),
  dropNextKey: () => ask('DELETE', '/team-key/next'),
  forgetOldKeys: () => ask('POST', '/team-key/forget-old'),
  wraps: (after: string) => ask<WrapsPage>('GET', `/wraps?after=${after}`),
  reseal: (body: Requests['wraps']) => ask('POST', '/wraps', body),
  takeOut: (id: string) => ask('DELETE', `/members/${id}`),
  revokeDevice: (id: string) => ask('DELETE', `/devices/${id}`),
};

/** The sealed bytes of a file; undefined: it did not come. */
export async function sealedFile(
  reference: string,
  id: string,
): Promise<ReadableStream<Uint8Array> | undefined> {
  try {
    const response = await fetch(`/console/api/cases/${reference}/files/${id}`);
    return response.ok ? (response.body ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** Opens the stream of changes; returns how to close it. It does not come back by itself. */
export function openChanges(hears: (event: StreamEvent) => void): () => void {
  const source = new EventSource('/console/api/changes');
  source.onmessage = ({ data }) => hears((JSON.parse(data) as { is: 'there' | 'changed' }).is);
  for (const name of ['alive', 'over', 'enough'] as const) source.addEventListener(name, () => hears(name));
  source.onerror = () => {
    source.close();
    hears('failed');
  };
  return () => source.close();
}
