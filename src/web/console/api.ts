/**
 * The only file of the console that talks to the service. Never throws: what went wrong is a word.
 *
 * What can be asked and what is answered is described in `src/contract/console.ts`, of which only the types come here.
 */
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, RouteName } from '../../contract/console.ts';
import type { Refusal as RefusalSaid } from '../../contract/forms.ts';
import { type Coming, unpackComing } from '../../kernel/packed.ts';
import { openStream } from '../returning-stream.ts';
import { caseAhead, signInAhead } from './ahead.ts';
import type { StreamEvent } from './line.ts';

/** What is sealed comes in pieces: the first is opened while the last is on its way. */
export type CaseComing = Coming<AnswerOf<'GET /cases/:reference'>>;
export type WordsComing = Coming<AnswerOf<'GET /sealed-cases'>>['cases'][number];
export type WrapsComing = Coming<AnswerOf<'GET /wraps'>>['cases'][number];

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

/** What a route is asked with; parts that it has not are left out. */
type Given<N extends RouteName> = {
  [part in keyof Parts<N> as Parts<N>[part] extends undefined ? never : part]: Parts<N>[part];
};
type Parts<N extends RouteName> = { params: ParamsOf<N>; query: QueryOf<N>; body: BodyOf<N> };
type Loose = { params?: Record<string, string>; query?: Record<string, string>; body?: unknown };

/** `asked`: a request that was begun ahead, instead of a new one. */
export async function ask<N extends RouteName>(
  name: N,
  given: Given<N>,
  { asked, patience = PATIENCE }: { asked?: Promise<Response> | undefined; patience?: number } = {},
): Promise<Outcome<Coming<AnswerOf<N>>>> {
  const [method = '', path = ''] = name.split(' ');
  const { params, query, body = method === 'POST' ? {} : undefined }: Loose = given;
  const address = path.replace(/:(\w+)/g, (_, part: string) => params?.[part] ?? '');
  const after = query ? `?${new URLSearchParams(query)}` : '';
  try {
    const response = await (asked ??
      fetch(`/console/api${address}${after}`, {
        method,
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(patience),
      }));
    if (response.status === 401 && !asked && !path.startsWith('/sign-in')) hearsEnd?.();
    if (response.ok) return { ok: true, value: (await read(response)) as Coming<AnswerOf<N>> };
    const { error, by, at } = (await response.json().catch(() => ({}))) as Partial<RefusalSaid>;
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

async function sealedCase(reference: string): Promise<Outcome<CaseComing>> {
  const given = { params: { reference } };
  const asked = caseAhead(reference);
  const answer = asked && (await ask('GET /cases/:reference', given, { asked }));
  return answer?.ok ? answer : ask('GET /cases/:reference', given);
}

const of = (reference: string) => ({ params: { reference } });
const one = (id: string) => ({ params: { id } });

export const api = {
  beginJoining: (code: string) => ask('POST /join/begin', { body: { code } }),
  join: (body: BodyOf<'POST /join'>) => ask('POST /join', { body }),
  beginSigningIn: () => ask('POST /sign-in/begin', { body: {} }, { asked: signInAhead() }),
  signIn: (body: BodyOf<'POST /sign-in'>) => ask('POST /sign-in', { body }),
  signOut: () => ask('POST /sign-out', {}),
  me: () => ask('GET /me', {}),
  words: (language: string) => ask('GET /words/:language', { params: { language } }),
  /** A word that is another one whenever something may have changed. */
  news: () => ask('GET /news', {}, { patience: SHORT_PATIENCE }),
  inbox: () => ask('GET /inbox', {}),
  case: sealedCase,
  openingTrial: () => ask('POST /opening-trial', {}),
  answerOpeningTrial: (body: BodyOf<'POST /opening-trial/answer'>) =>
    ask('POST /opening-trial/answer', { body }),
  sealedCases: (after: string) => ask('GET /sealed-cases', { query: { after } }),
  decide: (reference: string, body: BodyOf<'POST /alerts/:reference'>) =>
    ask('POST /alerts/:reference', { ...of(reference), body }),
  reply: (reference: string, body: BodyOf<'POST /cases/:reference/replies'>) =>
    ask('POST /cases/:reference/replies', { ...of(reference), body }),
  level: (reference: string, body: BodyOf<'POST /cases/:reference/level'>) =>
    ask('POST /cases/:reference/level', { ...of(reference), body }),
  status: (reference: string, body: BodyOf<'POST /cases/:reference/status'>) =>
    ask('POST /cases/:reference/status', { ...of(reference), body }),
  responsible: (reference: string, body: BodyOf<'POST /cases/:reference/responsible'>) =>
    ask('POST /cases/:reference/responsible', { ...of(reference), body }),
  mayAnswer: (reference: string) => ask('GET /cases/:reference/responsible', of(reference)),
  erasing: (reference: string, body: BodyOf<'POST /cases/:reference/erasure'>) =>
    ask('POST /cases/:reference/erasure', { ...of(reference), body }),
  task: (reference: string, body: BodyOf<'POST /cases/:reference/tasks'>) =>
    ask('POST /cases/:reference/tasks', { ...of(reference), body }),
  hold: (reference: string, body: BodyOf<'POST /cases/:reference/hold'>) =>
    ask('POST /cases/:reference/hold', { ...of(reference), body }),
  retention: () => ask('GET /retention', {}),
  erasures: () => ask('GET /erasures', {}),
  heard: (reference: string, id: string) =>
    ask('POST /cases/:reference/files/:id/heard', { params: { reference, id } }),
  saved: (reference: string, id: string, as: 'original' | 'copy') =>
    ask('POST /cases/:reference/files/:id/saved', { params: { reference, id }, body: { as } }),
  looks: (reference: string, id: string) =>
    ask('GET /cases/:reference/files/:id/looks', { params: { reference, id } }),
  note: (reference: string, body: BodyOf<'POST /cases/:reference/notes'>) =>
    ask('POST /cases/:reference/notes', { ...of(reference), body }),
  printed: (reference: string) => ask('POST /cases/:reference/printed', of(reference)),
  colleagues: () => ask('GET /colleagues', {}),
  sessions: () => ask('GET /sessions', {}),
  endSession: (id: string) => ask('DELETE /sessions/:id', one(id)),
  members: () => ask('GET /members', {}),
  officers: () => ask('GET /officers', {}),
  invite: (body: BodyOf<'POST /members'>) => ask('POST /members', { body }),
  invitations: () => ask('GET /invitations', {}),
  sayYes: (id: string) => ask('POST /invitations/:id/yes', one(id)),
  invitationLink: (id: string) => ask('POST /invitations/:id/link', one(id)),
  dropInvitation: (id: string) => ask('DELETE /invitations/:id', one(id)),
  grant: (id: string, body: BodyOf<'POST /members/:id/grant'>) =>
    ask('POST /members/:id/grant', { ...one(id), body }),
  myDevices: () => ask('GET /my-devices', {}),
  linkDevice: (body: BodyOf<'POST /my-devices'>) => ask('POST /my-devices', { body }),
  revokeMyDevice: (id: string) => ask('DELETE /my-devices/:id', one(id)),
  pushes: () => ask('GET /my-pushes', {}),
  startPushes: (body: BodyOf<'POST /my-pushes'>) => ask('POST /my-pushes', { body }),
  stopPushes: () => ask('DELETE /my-pushes', {}),
  audit: () => ask('GET /audit', {}),
  /** Ways to page are asked whether they answer, which may take a while. */
  doctor: (language: string) => ask('GET /doctor', { query: { language } }, { patience: 2 * PATIENCE }),
  teamKey: () => ask('GET /team-key', {}),
  noteTeamKey: (body: BodyOf<'POST /team-key'>) => ask('POST /team-key', { body }),
  dropNextKey: () => ask('DELETE /team-key/next', {}),
  forgetOldKeys: () => ask('POST /team-key/forget-old', {}),
  wraps: (after: string) => ask('GET /wraps', { query: { after } }),
  reseal: (body: BodyOf<'POST /wraps'>) => ask('POST /wraps', { body }),
  takeOut: (id: string) => ask('DELETE /members/:id', one(id)),
  revokeDevice: (id: string) => ask('DELETE /devices/:id', one(id)),
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
export const openChanges = (hears: (event: StreamEvent) => void): (() => void) =>
  openStream<AnswerOf<'GET /changes'>>('/console/api/changes', (said) =>
    hears(typeof said === 'string' ? said : said.is),
  );
