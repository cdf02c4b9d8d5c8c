/**
 * The console's interface, described once: what can be asked, and what is answered.
 *
 * From it come the checks of requests and of answers (`src/http/console`), the types of the browser's program
 * (`src/web/console/api.ts`, which takes nothing but types) and the description at `/console/api/openapi.json`. Who may
 * ask for what stands with the routes, where it is enforced.
 *
 * Invariants: each route has an answer, and what stands in no answer does not leave the server; a route that is not here
 * cannot be served. What is refused is answered with `refusal` and a status of 400 and more.
 */
import { z } from 'zod';
import * as alerts from './alerts.ts';
import * as cases from './cases.ts';
import * as doctor from './doctor.ts';
import * as following from './following.ts';
import { done } from './forms.ts';
import * as retention from './retention.ts';
import * as rights from './rights.ts';
import * as signingIn from './signing-in.ts';
import * as team from './team.ts';
import * as texts from './texts.ts';
import * as voices from './voices.ts';

export type Described = {
  /** What it is for, in a sentence. */
  says: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  answer: z.ZodType;
  /**
   * How the answer travels. `packed`: with ciphertexts in it (`kernel/packed.ts`). `bytes`: a sealed file. `events`: a
   * stream of server-sent events, each an answer. Default: JSON.
   */
  as?: 'packed' | 'bytes' | 'events';
};

/** By method and address under `/console/api`. */
export const consoleInterface = {
  'GET /openapi.json': {
    says: 'This description.',
    answer: z.looseObject({ openapi: z.string() }),
  },

  'POST /join/begin': {
    says: 'What a person with an invitation is shown before they make their passkey.',
    body: signingIn.beginJoiningAsked,
    answer: signingIn.joiningBegun,
  },
  'POST /join': {
    says: 'Joins by an invitation, with a passkey and a key of their own.',
    body: signingIn.joinAsked,
    answer: signingIn.me,
  },
  'POST /sign-in/begin': {
    says: 'A challenge for a passkey.',
    body: signingIn.beginSigningInAsked,
    answer: signingIn.requestOptions,
  },
  'POST /sign-in': {
    says: 'Signs in by a passkey.',
    body: signingIn.signInAsked,
    answer: signingIn.signedIn,
  },
  'POST /sign-out': { says: 'Ends this session.', answer: done },
  'GET /me': { says: 'Who is signed in.', answer: signingIn.me },
  'GET /sessions': { says: 'Where this member is signed in.', answer: z.array(signingIn.session) },
  'DELETE /sessions/:id': { says: 'Ends a session of this member.', params: team.one, answer: done },

  'GET /inbox': { says: 'Alerts that are open or taken, then cases.', answer: cases.inbox },
  'GET /changes': {
    says: 'Says whenever something may have changed; events of other names tell how the stream is.',
    answer: cases.change,
    as: 'events',
  },
  'GET /news': { says: 'Whether something may have changed, without a stream.', answer: cases.news },
  'GET /words/:language': {
    says: 'How questions and options are called.',
    params: cases.oneLanguage,
    answer: cases.caseWords,
  },
  'GET /cases/:reference': {
    says: 'A sealed case. Each look is noted.',
    params: cases.oneCase,
    answer: cases.sealedCase,
    as: 'packed',
  },
  'GET /cases/:reference/files/:id': {
    says: 'A sealed file of a case. Each look is noted.',
    params: cases.oneFile,
    answer: z.instanceof(Uint8Array),
    as: 'bytes',
  },
  'POST /cases/:reference/files/:id/heard': {
    says: 'A file began to play in the member’s browser, or was saved there: it is no longer among what nobody has heard.',
    params: cases.oneFile,
    answer: done,
  },
  'POST /cases/:reference/files/:id/saved': {
    says: 'A file was saved in the member’s browser, as it came or as a copy without what it tells of phone and place. Noted.',
    params: cases.oneFile,
    body: cases.savedAs,
    answer: done,
  },
  'GET /cases/:reference/files/:id/looks': {
    says: 'Who opened or saved a file, and when.',
    params: cases.oneFile,
    answer: cases.fileLooks,
  },
  'POST /cases/:reference/notes': {
    says: 'Puts a note of the team into a case, sealed. Nobody is told of it.',
    params: cases.oneCase,
    body: cases.noteAsked,
    answer: done,
  },
  'POST /cases/:reference/printed': {
    says: 'A case is printed in the member’s browser. Noted.',
    params: cases.oneCase,
    answer: done,
  },
  'GET /sealed-cases': {
    says: 'Sealed cases a page at a time, to search in their words. Each look is noted.',
    query: cases.afterCaseAsked,
    answer: cases.sealedPage,
    as: 'packed',
  },
  'POST /cases/:reference/replies': {
    says: 'Writes to the reporter.',
    params: cases.oneCase,
    body: cases.replyAsked,
    answer: done,
  },
  'POST /cases/:reference/level': {
    says: 'Raises or lowers the level of a case.',
    params: cases.oneCase,
    body: cases.levelAsked,
    answer: done,
  },
  'POST /cases/:reference/status': {
    says: 'Says how far a case is, or ends it.',
    params: cases.oneCase,
    body: following.statusAsked,
    answer: done,
  },
  'POST /cases/:reference/responsible': {
    says: 'Says which member answers for a case.',
    params: cases.oneCase,
    body: following.responsibleAsked,
    answer: done,
  },
  'GET /cases/:reference/responsible': {
    says: 'Which members can answer for a case.',
    params: cases.oneCase,
    answer: following.mayAnswer,
  },
  'POST /cases/:reference/erasure': {
    says: 'Asks that a case be erased, agrees to it as the second person, or stops it.',
    params: cases.oneCase,
    body: rights.erasingAsked,
    answer: done,
  },
  'POST /cases/:reference/tasks': {
    says: 'What the person asked for by right is done, or is not to be done.',
    params: cases.oneCase,
    body: rights.taskAsked,
    answer: done,
  },
  'POST /cases/:reference/hold': {
    says: 'Holds a case, so that nothing destroys it, or lets it go.',
    params: cases.oneCase,
    body: retention.holdAsked,
    answer: done,
  },
  'GET /retention': {
    says: 'How long cases are kept, which go next, and which are held.',
    answer: retention.retentionNow,
  },
  'GET /erasures': {
    says: 'Cases that are to be erased.',
    answer: z.array(rights.erasingNow),
  },
  'POST /opening-trial': {
    says: 'A test case, if nobody has proved yet that cases can be opened.',
    answer: cases.openingTrial,
    as: 'packed',
  },
  'POST /opening-trial/answer': {
    says: 'The word out of a test case.',
    body: cases.openingTrialAsked,
    answer: done,
  },

  'POST /alerts/:reference': {
    says: 'Decides about an alert.',
    params: cases.oneCase,
    body: alerts.decisionAsked,
    answer: done,
  },
  'GET /colleagues': {
    says: 'To whom an alert can be handed over.',
    answer: z.array(alerts.colleague),
  },

  'GET /members': { says: 'Who is in the team, with which devices.', answer: z.array(team.listedMember) },
  'POST /members': { says: 'Invites a member.', body: team.inviteAsked, answer: team.invited },
  'DELETE /members/:id': { says: 'Takes a member out.', params: team.one, answer: done },
  'POST /members/:id/grant': {
    says: 'Hands the team’s key to a member.',
    params: team.one,
    body: team.grantAsked,
    answer: done,
  },
  'DELETE /devices/:id': { says: 'Takes a device from a member.', params: team.one, answer: done },
  'GET /officers': {
    says: 'Officers who are no members yet.',
    answer: z.array(team.officerToInvite),
  },
  'GET /invitations': {
    says: 'Invitations that nobody has used.',
    answer: z.array(team.waitingInvitation),
  },
  'POST /invitations/:id/yes': {
    says: 'Says yes to an invitation of another administrator.',
    params: team.one,
    answer: done,
  },
  'POST /invitations/:id/link': {
    says: 'A fresh link of an invitation, for its maker.',
    params: team.one,
    answer: team.invited,
  },
  'DELETE /invitations/:id': { says: 'Takes an invitation back.', params: team.one, answer: done },

  'GET /my-devices': { says: 'The devices of this member.', answer: z.array(team.myDevice) },
  'POST /my-devices': {
    says: 'Makes a link by which this member adds a device.',
    body: team.linkDeviceAsked,
    answer: team.deviceLink,
  },
  'DELETE /my-devices/:id': {
    says: 'Takes a device from this member.',
    params: team.one,
    answer: done,
  },
  'GET /my-pushes': { says: 'What is needed to be rung in this browser.', answer: team.myPushes },
  'POST /my-pushes': { says: 'From now on this browser rings.', body: team.pushAsked, answer: done },
  'DELETE /my-pushes': { says: 'From now on this browser does not ring.', answer: done },

  'GET /team-key': { says: 'How far a change of the team’s key is.', answer: team.teamKeyState },
  'POST /team-key': { says: 'Notes a key that is to come next.', body: team.teamKeyAsked, answer: done },
  'DELETE /team-key/next': { says: 'Gives up the key that was to come next.', answer: done },
  'POST /team-key/forget-old': { says: 'Forgets every key but the one in use.', answer: done },
  'GET /wraps': {
    says: 'Secret keys of cases as they are sealed, a page at a time.',
    query: team.afterWrapAsked,
    answer: team.wrapsPage,
    as: 'packed',
  },
  'POST /wraps': {
    says: 'Keeps what was sealed to the key in use.',
    body: team.wrapsAsked,
    answer: done,
  },
  'GET /voices': {
    says: 'How much of what can be heard in a language is recorded.',
    query: voices.voicesAsked,
    answer: voices.voiceCount,
  },
  'GET /voices/one': {
    says: 'What is recorded of one text, and what waits for a second person.',
    query: voices.voiceAsked,
    answer: voices.oneVoice,
  },
  'GET /voices/sound': {
    says: 'One recording, as Ogg with Opus.',
    query: voices.soundAsked,
    answer: z.instanceof(Uint8Array),
    as: 'bytes',
  },
  'POST /voices': {
    says: 'Keeps what was recorded until a second person has listened to it.',
    body: voices.voiceRecorded,
    answer: done,
  },
  'POST /voices/decide': {
    says: 'A second person has listened: it counts from now on, or goes.',
    body: voices.voiceDecided,
    answer: done,
  },
  'POST /voices/withdraw': {
    says: 'Takes a recording out of use: nobody hears it from now on.',
    body: voices.voiceWithdrawn,
    answer: done,
  },
  'GET /texts': {
    says: 'The languages in which people work on texts, and what does not fit.',
    answer: texts.textLanguages,
  },
  'GET /texts/list': {
    says: 'Texts of a language, some at a time.',
    query: texts.textsAsked,
    answer: texts.textList,
  },
  'GET /texts/one': {
    says: 'One text, with what happened to it.',
    query: texts.textAsked,
    answer: texts.oneTextShown,
  },
  'POST /texts/preview': {
    says: 'How a text would look on a phone, and what the check says of it. Keeps nothing.',
    body: texts.previewAsked,
    answer: texts.textPreview,
  },
  'POST /texts/change': {
    says: 'Says a text anew: it counts at once, or waits for a second person.',
    body: texts.changeAsked,
    answer: texts.changeDone,
  },
  'POST /texts/decide': {
    says: 'Agrees to what another person proposed, or refuses it.',
    body: texts.decideAsked,
    answer: texts.changeDone,
  },
  'POST /texts/review': {
    says: 'Notes that the member has read a text, and that it is well.',
    body: texts.reviewAsked,
    answer: texts.changeDone,
  },
  'POST /texts/comment': {
    says: 'Says something about a text.',
    body: texts.commentAsked,
    answer: texts.changeDone,
  },
  'GET /doctor': {
    says: 'How the service is: what `doctor` says on the machine, without the places of it.',
    query: doctor.doctorAsked,
    answer: doctor.doctorSays,
  },
  'GET /audit': { says: 'The newest rows of the audit log.', answer: team.auditLines },
} as const satisfies Readonly<Record<`${'GET' | 'POST' | 'DELETE'} /${string}`, Described>>;

type Interface = typeof consoleInterface;
export type RouteName = keyof Interface;

type Part<N extends RouteName, part extends string> = Interface[N] extends {
  [name in part]: infer S extends z.ZodType;
}
  ? S
  : z.ZodUndefined;

/** What is asked with a route, as it is sent; undefined: nothing. */
export type BodyOf<N extends RouteName> = z.input<Part<N, 'body'>>;
export type ParamsOf<N extends RouteName> = z.input<Part<N, 'params'>>;
export type QueryOf<N extends RouteName> = z.input<Part<N, 'query'>>;
/** What was asked, once it is checked. */
export type AskedBody<N extends RouteName> = z.output<Part<N, 'body'>>;
export type AskedParams<N extends RouteName> = z.output<Part<N, 'params'>>;
export type AskedQuery<N extends RouteName> = z.output<Part<N, 'query'>>;
/** What is answered. */
export type AnswerOf<N extends RouteName> = z.output<Interface[N]['answer']>;
