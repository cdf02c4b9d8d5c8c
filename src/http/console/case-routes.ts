/** Routes about cases and their alerts: what there is to do, a sealed case, and what a member adds or decides. */
import { Readable } from 'node:stream';
import { type AlertAction, colleagues, decide } from '../../app/console/alert-actions.ts';
import { sealedCases } from '../../app/console/all-cases.ts';
import { hearFile, looksAt, noteSaved, openFile } from '../../app/console/case-files.ts';
import { notePrinted, openCaseRoom } from '../../app/console/case-room.ts';
import { caseWords } from '../../app/console/case-words.ts';
import { decideErasing, erasingNow, seeToTask } from '../../app/console/erasure.ts';
import { readInbox } from '../../app/console/inbox.ts';
import { setLevel } from '../../app/console/level.ts';
import { addNote } from '../../app/console/note.ts';
import { answerOpeningTrial, openingTrial } from '../../app/console/opening-trial.ts';
import { reply as replyTo } from '../../app/console/reply.ts';
import type { Context } from '../../app/ground/context.ts';
import { transact } from '../../app/ground/transaction.ts';
import { readAudit } from '../../app/records/audit.ts';
import type { AskedBody } from '../../contract/console.ts';
import type { DecisionRefused } from '../../contract/refusals.ts';
import { bytesOf } from '../../kernel/base64.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import { type App, PACKED } from '../zod-provider.ts';
import { personOf } from './guard.ts';
import { refuse } from './refuse.ts';
import { serve } from './serve.ts';

function asAction(body: AskedBody<'POST /alerts/:reference'>): AlertAction {
  return body.do === 'hand_over' ? { ...body, to: body.to as OfficerId } : body;
}

export function caseRoutes(app: App, { ctx }: { ctx: Context }): void {
  serve(app, 'GET /words/:language', { right: 'self', isCompressed: true }, async (request, reply) => {
    // Public words, the same for everybody, and a tenth of what a slow network carries in a second.
    void reply.header('cache-control', 'private, max-age=3600');
    return caseWords(ctx, request.params.language);
  });

  serve(app, 'GET /inbox', { right: 'see_inbox', isCompressed: true }, async (request) =>
    transact(ctx, (at) => readInbox(at, personOf(request).member)),
  );

  serve(app, 'GET /cases/:reference', { right: 'open_case' }, async (request, reply) => {
    const { reference } = request.params;
    const opened = await transact(ctx, (at) => openCaseRoom(at, personOf(request).member, reference));
    return opened.ok ? opened.case : refuse(reply, opened.reason);
  });

  serve(app, 'POST /cases/:reference/notes', { right: 'open_case' }, async (request, reply) => {
    const { place, ciphertext } = request.body;
    const note = { place, ciphertext: bytesOf(ciphertext) };
    const done = await transact(ctx, (at) =>
      addNote(at, personOf(request).member, request.params.reference, note),
    );
    return done.ok ? { ok: true } : refuse(reply, done.reason);
  });

  serve(app, 'POST /cases/:reference/printed', { right: 'open_case' }, async (request, reply) => {
    const { reference } = request.params;
    const done = await transact(ctx, (at) => notePrinted(at, personOf(request).member, reference));
    return done.ok ? { ok: true } : refuse(reply, done.reason);
  });

  serve(app, 'GET /sealed-cases', { right: 'open_case' }, async (request) =>
    transact(ctx, (at) => sealedCases(at, personOf(request).member, request.query.after)),
  );

  serve(app, 'GET /cases/:reference/files/:id', { right: 'open_case' }, async (request, reply) => {
    const { reference, id } = request.params;
    const opened = await transact(ctx, (at) => openFile(at, personOf(request).member, reference, id));
    if (!opened.ok) return refuse(reply, opened.reason);
    return reply.type(PACKED).send(Readable.from(opened.chunks));
  });

  serve(app, 'POST /cases/:reference/files/:id/heard', { right: 'open_case' }, async (request, reply) => {
    const { reference, id } = request.params;
    const done = await transact(ctx, ({ tx, now }) =>
      hearFile(tx, now, personOf(request).member, reference, id),
    );
    return done.ok ? { ok: true } : refuse(reply, done.reason);
  });

  serve(app, 'POST /cases/:reference/files/:id/saved', { right: 'open_case' }, async (request, reply) => {
    const { reference, id } = request.params;
    const { as } = request.body;
    const done = await transact(ctx, (at) => noteSaved(at, personOf(request).member, reference, { id, as }));
    return done.ok ? { ok: true } : refuse(reply, done.reason);
  });

  serve(app, 'GET /cases/:reference/files/:id/looks', { right: 'open_case' }, async (request, reply) => {
    const { reference, id } = request.params;
    const found = await transact(ctx, (at) => looksAt(at, personOf(request).member, reference, id));
    return found.ok ? { looks: found.looks } : refuse(reply, found.reason);
  });

  serve(app, 'POST /opening-trial', { right: 'open_case' }, async () =>
    transact(ctx, (at) => openingTrial(at)),
  );

  serve(app, 'POST /opening-trial/answer', { right: 'open_case' }, async (request, reply) => {
    const { hash, ...word } = request.body;
    const done = await transact(ctx, (at) =>
      answerOpeningTrial(at, personOf(request).member, { ...word, hash: bytesOf(hash) }),
    );
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });

  const write = { right: 'write_to_reporter', bodyLimit: 512 * 1_024 } as const;
  serve(app, 'POST /cases/:reference/replies', write, async (request, reply) => {
    const { ciphertext, ...words } = request.body;
    const done = await transact(ctx, (at) =>
      replyTo(at, personOf(request).member, request.params.reference, {
        ...words,
        ciphertext: bytesOf(ciphertext),
      }),
    );
    return done.ok ? { ok: true } : refuse(reply, done.reason);
  });

  serve(app, 'POST /cases/:reference/level', { right: 'decide_alert' }, async (request, reply) => {
    const { level, reason } = request.body;
    const sealed = reason ? { reason: { ...reason, ciphertext: bytesOf(reason.ciphertext) } } : {};
    const done = await transact(ctx, (at) =>
      setLevel(at, personOf(request).member, request.params.reference, { level, ...sealed }),
    );
    return done.ok ? { ok: true } : refuse(reply, done.reason);
  });

  serve(app, 'POST /cases/:reference/erasure', { right: 'see_to_rights' }, async (request, reply) => {
    const { reference } = request.params;
    const done = await transact(ctx, (at) =>
      decideErasing(at, personOf(request).member, reference, request.body),
    );
    return done.ok ? { ok: true } : refuse(reply, done.reason);
  });

  serve(app, 'POST /cases/:reference/tasks', { right: 'see_to_rights' }, async (request, reply) => {
    const { reference } = request.params;
    const done = await transact(ctx, (at) =>
      seeToTask(at, personOf(request).member, reference, request.body),
    );
    return done.ok ? { ok: true } : refuse(reply, done.reason);
  });

  serve(app, 'GET /erasures', { right: 'see_audit' }, async (request) =>
    transact(ctx, (at) => erasingNow(at, personOf(request).member)),
  );

  serve(app, 'POST /alerts/:reference', { right: 'decide_alert' }, async (request, reply) => {
    const done = await transact(ctx, (at) =>
      decide(at, personOf(request).member, request.params.reference, asAction(request.body)),
    );
    if (done.ok) return { ok: true };
    return refuse(
      reply,
      done.reason satisfies DecisionRefused,
      done.reason === 'already_taken' ? { by: done.by, at: done.at.toISOString() } : {},
    );
  });

  serve(app, 'GET /colleagues', { right: 'decide_alert' }, async (request) =>
    transact(ctx, (at) => colleagues(at, personOf(request).member)),
  );

  serve(app, 'GET /audit', { right: 'see_audit' }, async (request) =>
    transact(ctx, (at) => readAudit(at, personOf(request).member)),
  );
}
