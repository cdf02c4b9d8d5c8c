/** Texts that people of the house mend in the room: what counts, since when, and whose yes it takes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { versionOf } from '../../src/app/changes/rows.ts';
import { isRead } from '../../src/app/changes/states.ts';
import { audit } from '../../src/app/records/audit.ts';
import { stateOf } from '../../src/app/texts/appending.ts';
import { benchOf, followTexts, readBench } from '../../src/app/texts/bench.ts';
import { changeText, commentOn, decideText, reviewText } from '../../src/app/texts/changing.ts';
import { checkApart } from '../../src/app/texts/check-thread.ts';
import { previewText } from '../../src/app/texts/preview.ts';
import { languagesToWorkOn, listTexts, showText } from '../../src/app/texts/reading.ts';
import { statusOf } from '../../src/app/texts/status.ts';
import { linesOf } from '../../src/conversation/chapters/chapters.ts';
import { problemLine } from '../../src/conversation/checks/problem.ts';
import { textsOfConsent, textVersion } from '../../src/conversation/words/text-version.ts';
import { days } from '../../src/kernel/time.ts';
import { ORDINARY, OTHER, openTextsRoom, SAFETY, type TextsRoom, THIRD, WHERE } from './texts-room.ts';

let room: TextsRoom;
beforeEach(async () => {
  room = await openTextsRoom();
});
afterEach(() => room.close());

describe('a sentence that a native mends', () => {
  it('is what the next person reads, without a restart, and others stay as they are', async () => {
    const { ctx, translator } = room;
    const help = ctx.texts.t('fr', 'bot.help');
    expect(await room.says(translator, ORDINARY, 'Votre message est vide.')).toEqual({ ok: true, is: 'set' });
    expect(ctx.texts.t('fr', ORDINARY)).toBe('Votre message est vide.');
    expect(ctx.conversation.texts.t('fr', ORDINARY)).toBe('Votre message est vide.');
    expect(ctx.texts.t('fr', 'bot.help')).toBe(help);
    const said = stateOf(ctx, room.fr(ORDINARY))?.said;
    expect(said).toMatchObject({ by: translator.id, at: room.clock.at() });
    const noted = await room.database
      .sql`select member_id, detail from audit_log where what = 'text_changed' order by seq`;
    expect(noted).toMatchObject([
      { member_id: translator.id, detail: { change: 1, is: 'set', language: 'fr', key: ORDINARY } },
    ]);
    // Nothing that people write there lies in the clear.
    const [row] = await room.database.sql`select sealed from text_changes`;
    expect(Buffer.from(row?.sealed).toString('latin1')).not.toContain('Votre message');
  });

  it('can be taken back, to the text of the files and to any that was said before', async () => {
    const before = room.now(ORDINARY);
    await room.says(room.translator, ORDINARY, 'Votre message est vide.');
    await room.says(room.translator, ORDINARY, null);
    expect(room.ctx.texts.t('fr', ORDINARY)).toBe(before);
    await room.says(room.translator, ORDINARY, 'Votre message est vide.');
    expect(room.ctx.texts.t('fr', ORDINARY)).toBe('Votre message est vide.');
    expect(await room.says(room.translator, ORDINARY, 'Votre message est vide.')).toEqual({
      ok: true,
      is: 'same',
    });
    expect(stateOf(room.ctx, room.fr(ORDINARY))?.changes).toHaveLength(3);
  });

  it('is refused with the line of the check, and then nothing counts', async () => {
    const done = await room.says(room.translator, 'bot.added_to_case', 'Ajouté à {{dossier}}.');
    const lines = 'problems' in done ? done.problems.map(problemLine) : [];
    expect(lines[0]).toMatch(
      /^locales\/fr\/bot.yaml, bot.added_to_case: \{\{dossier\}\} is not filled in here; use only: /,
    );
    expect(room.now('bot.added_to_case')).not.toContain('{{dossier}}');
    expect(benchOf(room.ctx).end.seq).toBe(0);
    // One word, one meaning: the lines are about the other command too.
    const words = await room.says(room.coordinator, 'commands.back.words', ['retour', 'sos']);
    expect('problems' in words ? words.problems.map(problemLine) : []).toContain(
      'locales/fr/commands.yaml, commands.back.words: "sos" already means sos; keep it in one of the two',
    );
  });

  it('is let go of where the files say the same meanwhile: no one reads anything else, and no second yes is needed', async () => {
    const { ofFiles } = room.ctx.content;
    await room.says(room.translator, SAFETY, WHERE);
    await room.saysYes(room.coordinator, SAFETY);
    const { where } = (ofFiles.fr?.sos ?? {}) as Record<string, object>;
    const sos = { ...(ofFiles.fr?.sos as object), where: { ...where, ask: WHERE } };
    const exported = await room.another({ fr: { ...ofFiles.fr, sos } });
    await readBench(exported, exported.db);
    expect(await room.says(null, SAFETY, null, exported)).toEqual({ ok: true, is: 'set' });
    expect(exported.texts.t('fr', SAFETY)).toBe(WHERE);
    expect(stateOf(exported, room.fr(SAFETY))?.said?.text).toBeNull();
  });

  it('is not written over what another person said meanwhile', async () => {
    const seen = versionOf(room.now(ORDINARY));
    await room.says(room.coordinator, ORDINARY, 'Votre message est vide.');
    const late = await changeText(room.ctx, room.translator, { ...room.fr(ORDINARY), text: 'Vide.', seen });
    expect(late).toEqual({ ok: false, reason: 'moved_on' });
  });

  it('is read, with who and when, until a letter of it changes', async () => {
    const seen = versionOf(room.now(ORDINARY));
    await reviewText(room.ctx, room.translator, { ...room.fr(ORDINARY), seen });
    const state = () => stateOf(room.ctx, room.fr(ORDINARY)) ?? {};
    expect(isRead(state(), room.now(ORDINARY))).toBe(true);
    expect(state()).toMatchObject({ read: { by: room.translator.id, at: room.clock.at() } });
    await room.says(room.coordinator, ORDINARY, 'Votre message est vide.');
    expect(isRead(state(), room.now(ORDINARY))).toBe(false);
    // Taken back, it is the text that was read.
    await room.says(room.coordinator, ORDINARY, null);
    expect(isRead(state(), room.now(ORDINARY))).toBe(true);
  });

  it('is spoken of by those who work on it; what is no text cannot be worked on', async () => {
    const { ctx, translator } = room;
    await commentOn(ctx, translator, { ...room.fr(ORDINARY), words: 'Trop long au téléphone ?' });
    expect(stateOf(ctx, room.fr(ORDINARY))?.changes.at(-1)).toMatchObject({
      is: 'comment',
      words: 'Trop long au téléphone ?',
    });
    const none = { ok: false, reason: 'no_such' };
    expect(await room.says(translator, 'bot.nothing_like_it', 'x')).toEqual(none);
    // Built into the page; the signature of the whole language; a list where a sentence stands.
    expect(await room.says(translator, 'console.shell.title', 'x')).toEqual(none);
    expect(await room.says(translator, 'language.reviewed', 'true')).toEqual(none);
    expect(await room.says(translator, ORDINARY, ['x'])).toEqual(none);
    const other = { language: 'xx', key: ORDINARY, text: 'x', seen: versionOf(undefined) };
    expect(await changeText(ctx, translator, other)).toEqual(none);
  });

  it('reaches other processes, each with the changes of the other', async () => {
    const other = await room.another();
    await room.says(room.translator, ORDINARY, 'Votre message est vide.');
    expect(await followTexts(other)).toBe(true);
    expect(await followTexts(other)).toBe(false);
    expect(other.texts.t('fr', ORDINARY)).toBe('Votre message est vide.');
    await room.says(room.coordinator, OTHER, 'Rien avant.', other);
    // This process has not read it yet, and says another text anew all the same.
    const done = await room.says(room.translator, THIRD, 'Rien à finir.');
    expect(done).toEqual({ ok: true, is: 'set' });
    expect(room.ctx.texts.t('fr', OTHER)).toBe('Rien avant.');
  });

  it('is left out, and named, where another version of the program has no room for it', async () => {
    await room.says(room.translator, OTHER, 'Rien avant.');
    await room.says(room.translator, ORDINARY, 'Votre message est vide.');
    const { en, fr } = room.ctx.content.ofFiles;
    const asked = (files: typeof fr) => ((files?.report ?? {}) as { before_what?: object }).before_what;
    const timed = (files: typeof fr) => ({
      ...files,
      report: { ...(files?.report as object), before_what: { ...asked(files), help: '{{time}} : vide.' } },
    });
    const next = await room.another({ en: timed(en), fr: timed(fr) });
    const { unfit } = await readBench(next, next.db);
    expect(unfit).toMatchObject([
      { language: 'fr', key: ORDINARY, line: expect.stringContaining('placeholders') },
    ]);
    expect(next.texts.t('fr', ORDINARY, { time: '14:02' })).toBe('14:02 : vide.');
    expect(next.texts.t('fr', OTHER)).toBe('Rien avant.');
  });
});

describe('a sentence on which safety hangs', () => {
  it('counts only after a second person’s yes, of whom one coordinates', async () => {
    const before = room.now(SAFETY);
    expect(await room.says(room.translator, SAFETY, WHERE)).toEqual({ ok: true, is: 'propose' });
    expect(room.now(SAFETY)).toBe(before);
    const { member, saysYes } = room;
    const refused = (reason: string) => ({ ok: false, reason });
    expect(await saysYes(room.translator, SAFETY)).toEqual(refused('same_person'));
    expect(await saysYes(await member('translator', 'Fanta'), SAFETY)).toEqual(refused('no_right'));
    expect(await saysYes(await member('officer', 'Issa'), SAFETY)).toEqual(refused('no_right'));
    // The same human under a second record is no second person.
    expect(await saysYes(await member('administrator', 'MARIAM'), SAFETY)).toEqual(refused('same_person'));
    expect(room.now(SAFETY)).toBe(before);
    expect(await saysYes(room.coordinator, SAFETY)).toEqual({ ok: true, is: 'done' });
    expect(room.ctx.texts.t('fr', SAFETY)).toBe(WHERE);
    expect(stateOf(room.ctx, room.fr(SAFETY))?.said).toMatchObject({
      by: room.translator.id,
      second: { by: room.coordinator.id },
    });
  });

  it('counts after a translator’s yes to what a coordinator wrote', async () => {
    await room.says(room.coordinator, SAFETY, WHERE);
    expect(await room.saysYes(room.translator, SAFETY)).toEqual({ ok: true, is: 'done' });
    expect(room.now(SAFETY)).toBe(WHERE);
  });

  it('is agreed to in the very words: to what was written anew meanwhile no one has said yes', async () => {
    await room.says(room.translator, SAFETY, WHERE);
    const of = room.proposedAt(SAFETY);
    await room.says(room.translator, SAFETY, 'Où êtes-vous, et avec qui ?');
    expect(await room.saysYes(room.coordinator, SAFETY, of)).toEqual({ ok: false, reason: 'moved_on' });
  });

  it('is agreed to only as long as the files say what it was proposed against', async () => {
    await room.says(room.translator, SAFETY, WHERE);
    const of = room.proposedAt(SAFETY);
    const { fr } = room.ctx.content.ofFiles;
    const { where } = (fr?.sos ?? {}) as Record<string, object>;
    const sos = { ...(fr?.sos as object), where: { ...where, ask: 'Où êtes-vous ?' } };
    const updated = await room.another({ fr: { ...fr, sos } });
    await readBench(updated, updated.db);
    const yes = await decideText(updated, room.coordinator, { ...room.fr(SAFETY), of, isYes: true });
    expect(yes).toEqual({ ok: false, reason: 'moved_on' });
    expect(updated.texts.t('fr', SAFETY)).toBe('Où êtes-vous ?');
  });

  it('is agreed to by no one whom its author invited, nor who invited them, as long as there is a third', async () => {
    await room.inside((at) =>
      audit(at, { memberId: room.translator.id, what: 'joined', detail: { by: room.coordinator.id } }),
    );
    await room.says(room.translator, SAFETY, WHERE);
    await room.member('officer', 'Issa');
    expect(await room.saysYes(room.coordinator, SAFETY)).toEqual({ ok: false, reason: 'invited' });
    // Another member coordinates too, and has let in no one.
    expect(await room.saysYes(await room.member('coordinator', 'Awa'), SAFETY)).toEqual({
      ok: true,
      is: 'done',
    });
  });

  it('is agreed to by who invited its author where no one else is there', async () => {
    await room.inside((at) =>
      audit(at, { memberId: room.translator.id, what: 'joined', detail: { by: room.coordinator.id } }),
    );
    await room.says(room.translator, SAFETY, WHERE);
    expect(await room.saysYes(room.coordinator, SAFETY)).toEqual({ ok: true, is: 'done' });
  });

  it('waits a month for a second person, and no longer; then it is proposed anew', async () => {
    const shown = () => room.inside((at) => showText(at, room.coordinator, room.fr(SAFETY)));
    await room.says(room.translator, SAFETY, WHERE);
    room.clock.advance(days(30) - 1);
    expect((await shown())?.proposed?.mayAgree).toBe(true);
    room.clock.advance(1);
    expect(await shown()).toMatchObject({ proposed: null, isProposed: false, history: [{ is: 'propose' }] });
    expect(await room.saysYes(room.coordinator, SAFETY)).toEqual({ ok: false, reason: 'too_late' });
    await room.says(room.translator, SAFETY, WHERE);
    expect(await room.saysYes(room.coordinator, SAFETY)).toEqual({ ok: true, is: 'done' });
  });

  it('is agreed to by no one in their first week, as long as a member has been there for longer', async () => {
    room.clock.advance(days(8));
    await room.says(room.translator, SAFETY, WHERE);
    const fanta = await room.member('administrator', 'Fanta');
    expect(await room.saysYes(fanta, SAFETY)).toEqual({ ok: false, reason: 'too_new' });
    room.clock.advance(days(7));
    expect(await room.saysYes(fanta, SAFETY)).toEqual({ ok: true, is: 'done' });
  });

  it('is not agreed to within a week by who let its author in, where no one else is there', async () => {
    room.clock.advance(days(8));
    const fanta = await room.member('translator', 'Fanta');
    await room.inside((at) =>
      audit(at, { memberId: fanta.id, what: 'joined', detail: { by: room.coordinator.id } }),
    );
    await room.says(fanta, SAFETY, WHERE);
    expect(await room.saysYes(room.coordinator, SAFETY)).toEqual({ ok: false, reason: 'too_new' });
    room.clock.advance(days(7));
    expect(await room.saysYes(room.coordinator, SAFETY)).toEqual({ ok: true, is: 'done' });
  });

  it('can be refused, and taken back by who proposed it; of one who was taken out nothing is agreed to', async () => {
    await room.says(room.translator, SAFETY, WHERE);
    const of = room.proposedAt(SAFETY);
    await decideText(room.ctx, room.translator, { ...room.fr(SAFETY), of, isYes: false });
    expect(room.proposedAt(SAFETY)).toBe(0);
    await room.says(room.translator, SAFETY, WHERE);
    await room.database.sql`update members set removed_at = now() where id = ${room.translator.id}`;
    expect(await room.saysYes(room.coordinator, SAFETY)).toEqual({ ok: false, reason: 'moved_on' });
  });

  it('waits also where the operator brings it: a coordinator says yes, an officer cannot', async () => {
    await room.says(null, SAFETY, WHERE);
    expect(await room.saysYes(await room.member('officer', 'Issa'), SAFETY)).toMatchObject({ ok: false });
    expect(await room.saysYes(room.coordinator, SAFETY)).toEqual({ ok: true, is: 'done' });
  });

  it('is a new version where it is a consent', async () => {
    const key = 'report.consent.help';
    const version = () => textVersion(room.ctx.texts, 'fr', textsOfConsent('report.consent'));
    const before = version();
    await room.says(room.translator, key, `${room.now(key)} Prenez votre temps.`);
    expect(version()).toBe(before);
    await room.saysYes(room.coordinator, key);
    expect(version()).not.toBe(before);
  });
});

describe('a sentence about a law or an institution', () => {
  it('that is said anew was compared with no source: a live service leaves it out, and the room says so', async () => {
    const key = 'facts.cndh_public';
    const shown = () => room.inside((at) => showText(at, room.coordinator, room.fr(key)));
    expect(await shown()).toMatchObject({ isUnchecked: false, fact: { isChecked: true } });
    await room.says(room.translator, key, 'La CNDH est une institution publique du Mali.');
    await room.saysYes(room.coordinator, key);
    expect(await shown()).toMatchObject({
      isUnchecked: true,
      fact: { isChecked: false, checkedOn: '2026-11-29' },
    });
    const { flows, texts } = room.ctx.conversation;
    const page = flows.steps.get('mechanism.cndh');
    if (!page) throw new Error('no page');
    const lines = linesOf(flows, page, 'hidden', (each) => texts.template('fr', each));
    expect(lines.map((line) => line.key)).not.toContain(key);
    expect(lines.length).toBeGreaterThan(3);
  });
});

describe('an ordinary sentence that gains a number or an address', () => {
  it.each(['Appelez le 70 12 34 56.', 'Voyez aide.example.org pour la suite.', 'Écrivez à @lakana.'])(
    'needs a second person too: %s',
    async (text) => {
      const before = room.now(ORDINARY);
      expect(await room.says(room.translator, ORDINARY, text)).toEqual({ ok: true, is: 'propose' });
      expect(room.now(ORDINARY)).toBe(before);
    },
  );
});

describe('a person who works on texts', () => {
  const asked = { language: 'fr', file: '', only: 'all', sought: '', after: '' } as const;

  it('finds what is to be done, a part at a time, and by words in either language', async () => {
    const all = await listed(room, asked);
    expect(all.total).toBeGreaterThan(900);
    expect(all.rows).toHaveLength(60);
    const second = await listed(room, { ...asked, after: all.next ?? '' });
    expect(second.rows[0]?.key).not.toBe(all.rows[0]?.key);
    await room.says(room.translator, SAFETY, WHERE);
    await room.says(room.translator, ORDINARY, 'Votre message est vide.');
    const keys = async (only: Parameters<typeof listTexts>[1]['only']) =>
      (await listed(room, { ...asked, only })).rows.map(({ key }) => key);
    expect(await keys('proposed')).toEqual([SAFETY]);
    expect(await keys('changed')).toEqual([ORDINARY]);
    expect(await keys('missing')).toEqual([]);
    // What was said here nobody has signed.
    expect(await keys('draft')).toEqual([ORDINARY]);
    const english = { ...asked, language: 'en', sought: 'message est vide' };
    expect((await listed(room, english)).rows.map(({ key }) => key)).toContain(ORDINARY);
    const { languages } = await room.inside(async ({ ctx, now }) => languagesToWorkOn(ctx, now));
    expect(languages.map(({ code }) => code)).toEqual(expect.arrayContaining(['bm', 'en', 'fr']));
    const files = languages.flatMap((each) => each.files.map(({ file }) => file));
    expect(files).toContain('bot');
    expect(files).not.toContain('console');
    const french = statusOf(room.ctx).find(({ language }) => language === 'fr');
    expect(french).toMatchObject({ drafts: 1, missing: 0 });
  });

  it('sees how it looks on a phone, as the service makes its messages, and keeps nothing by looking', async () => {
    const look = (key: string, text: string) => previewText(room.ctx, { ...room.fr(key), text });
    const danger = (await look('report.danger.ask', 'Êtes-vous en danger ?'))?.phones;
    expect(danger?.[0]?.messages[0]?.text).toContain('Êtes-vous en danger ?');
    expect(danger?.[0]?.messages[0]?.rows.flat().join()).toContain('SOS');
    expect(danger?.[1]?.messages[0]?.rows).toEqual([]);
    const reference = await look('bot.added_to_case', 'Ajouté à votre dossier {{reference}}.');
    expect(reference?.phones[0]?.messages[0]?.text).toBe('Ajouté à votre dossier TAKO-4827.');
    const option = (await look('report.danger.options.now', 'Oui, tout de suite'))?.phones;
    expect(option?.[0]?.messages[0]?.rows.flat()).toContain('1. Oui, tout de suite');
    expect(option?.[1]?.messages[0]?.text).toContain('1. Oui, tout de suite');
    expect((await look(ORDINARY, 'Pourquoi ?'))?.problems[0]).toMatchObject({ code: 'reasons' });
    expect(await look(ORDINARY, 'Le 17')).toMatchObject({ isSafety: false, gains: ['17'] });
    expect(benchOf(room.ctx).end.seq).toBe(0);
  });

  it('has a look at texts of every kind', async () => {
    for (const { key } of await allOf(room)) {
      const shown = await previewText(room.ctx, { ...room.fr(key), text: null });
      expect(shown, key).toBeDefined();
      expect(shown?.problems, key).toEqual([]);
      for (const { messages } of shown?.phones ?? []) expect(messages[0]?.text, key).not.toContain('{{');
    }
  }, 300_000);

  it('sees who proposed what, and whether their own yes would count', async () => {
    await room.says(room.translator, SAFETY, WHERE);
    const shownTo = (who: typeof room.translator) => room.inside((at) => showText(at, who, room.fr(SAFETY)));
    expect((await shownTo(room.coordinator))?.proposed).toMatchObject({
      by: { is: 'member', name: 'Mariam' },
      text: WHERE,
      isMine: false,
      mayAgree: true,
    });
    expect((await shownTo(room.translator))?.proposed).toMatchObject({
      isMine: true,
      mayAgree: false,
      whyNot: 'same_person',
    });
    expect((await shownTo(room.coordinator))?.history).toMatchObject([{ is: 'propose', text: WHERE }]);
  });

  it('reads no name of the team as a translator: “you”, or “another member”', async () => {
    await room.says(room.coordinator, ORDINARY, 'Votre message est vide.');
    await commentOn(room.ctx, room.translator, { ...room.fr(ORDINARY), words: 'Plus court ?' });
    const shown = await room.inside((at) => showText(at, room.translator, room.fr(ORDINARY)));
    expect(shown?.history.map(({ by }) => by)).toEqual([
      { is: 'me', name: null },
      { is: 'member', name: null },
    ]);
    expect(JSON.stringify(shown)).not.toContain('Oumou');
  });
});

describe('the process that pages people', () => {
  it('goes on while a text is checked: it turns, and answers others before', async () => {
    const { content } = room.ctx;
    const files = content.now();
    const lacking = (file: string) => ({ ...files, fr: { ...files.fr, [file]: {} } });
    // Whatever is loaded for a check is there from now on.
    await checkApart(content, lacking('sos'), Object.keys(files));
    const done: string[] = [];
    let turns = 0;
    let isChecking = true;
    const turn = (): void => {
      turns += 1;
      if (isChecking) setImmediate(turn);
    };
    setImmediate(turn);
    const check = checkApart(content, lacking('report'), Object.keys(files)).then((problems) => {
      isChecking = false;
      done.push('the check');
      return problems;
    });
    await room.database.sql`select 1`;
    done.push('somebody else');
    expect((await check).length).toBeGreaterThan(100);
    expect(done).toEqual(['somebody else', 'the check']);
    // Checked in the process itself it would be one.
    expect(turns).toBeGreaterThan(50);
  });

  it('refuses what cannot be checked, and checks the next', async () => {
    const { content } = room.ctx;
    const files = content.now();
    const broken = { ...files, fr: { bot: 5 } } as unknown as typeof files;
    const cannot = checkApart(
      {
        ...content,
        flows: { ...content.flows, steps: new Map([['x', null]]) } as never,
        ofFiles: { ...files },
      },
      broken,
      ['fr'],
    );
    await expect(cannot).rejects.toThrow();
    expect(await checkApart(content, files, ['fr'])).toEqual([]);
  });
});

/** Texts of each file: a look at all of them would take minutes. */
const listed = (room: TextsRoom, asked: Parameters<typeof listTexts>[1]) =>
  room.inside(async (at) => listTexts(at, asked));

async function allOf(room: TextsRoom): Promise<{ key: string }[]> {
  const keys = new Map<string, string>();
  let after: string | null = '';
  while (after !== null) {
    const asked = { language: 'fr', file: '', only: 'all', sought: '', after } as const;
    const page: ReturnType<typeof listTexts> = await listed(room, asked);
    for (const { key } of page.rows) keys.set(key.replace(/\.[a-z_0-9]+$/, '').slice(0, 14), key);
    after = page.next;
  }
  return [...keys.values()].filter((_, n) => n % 12 === 0).map((key) => ({ key }));
}
