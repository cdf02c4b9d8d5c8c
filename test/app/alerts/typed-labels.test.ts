/** On a phone that shows no buttons, or with a wet thumb: what stands on a button can be typed, in every language. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWords } from '../../../src/app/officer-chat/typed-commands.ts';
import { type DutyRoom, openDutyRoom } from './duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

type Who = { contactId: Awaited<ReturnType<DutyRoom['newContact']>> };

/** The label of a button, as it stands in a language. */
const label = (language: string, key: string, params: Record<string, string | number> = {}): string =>
  room.ctx.texts.t(language, `officer.button.${key}`, params);
const last = (who: Who): string => room.last(who.contactId)?.text ?? '';
const labels = (who: Who): string[] =>
  (room.last(who.contactId)?.rows ?? []).flat().map((button) => button.label);

/** Stand only under an answer in the officer's own chat, which knows what it offered. */
const UNDER_ANSWERS =
  /^(take_ref|chats_all|chat_only|chat_again|give|give_on_duty|cancel|end_.+|contact|contact_.+|self_yes|self_no|sos)$/;
/** Tells a supervisor of an officer who enrolled: one that is typed could be about another person. */
const ONLY_PRESSED = ['undo'];

describe('the words on an officer’s button', () => {
  it('are known, each of them, in every language', () => {
    const { texts } = room.ctx;
    for (const language of texts.languages)
      for (const key of texts.keys(language).filter((each) => each.startsWith('officer.button.'))) {
        const name = key.slice('officer.button.'.length);
        const isKnown =
          readWords(texts, label(language, name, { reference: 'TAKO-4827' })).verb !== undefined ||
          UNDER_ANSWERS.test(name) ||
          ONLY_PRESSED.includes(name);
        expect({ language, name, isKnown }).toEqual({ language, name, isKnown: true });
      }
  });

  it.each(['fr', 'en'])(
    'take, hand over by name, and close an alert when they are typed (%s)',
    async (language) => {
      const awa = await room.enrol('Awa', { language: 'fr' });
      const binta = await room.enrol('Binta', { language: 'en' });
      const { reference } = await room.raise();
      await room.cycle();
      await room.say(awa, `${label(language, 'take')} ${reference}`);
      expect((await room.alert(reference)).takenBy).toBe(awa.officerId);
      await room.say(awa, label(language, 'hand_over'));
      await room.say(awa, label(language, 'give_on_duty', { name: 'Binta' }));
      expect(last(binta)).toContain('Awa asks you to take it over');
      await room.say(binta, label(language, 'cannot'));
      await room.say(awa, label(language, 'close'));
      expect(labels(awa)).toContain('Danger passé');
      await room.say(awa, label(language, 'end_resolved'));
      expect((await room.alert(reference)).state).toBe('closed');
    },
  );

  it('look after contacts, and stop at no one else’s', async () => {
    const awa = await room.enrol('Awa', { language: 'fr' });
    await room.say(awa, 'Mes contacts');
    const [own = ''] = labels(awa);
    await room.say(awa, own);
    expect(labels(awa)).toContain('Changer le délai');
    await room.say(awa, 'Change the delay');
    expect(last(awa)).toContain('après');
  });

  it('answer "for yourself?"', async () => {
    const awa = await room.enrol('Awa', { language: 'fr' });
    await room.say(awa, 'SOS pour moi');
    expect(await room.say(awa, 'OUI, pour moi')).toBe('sos_for_self');
    const binta = await room.enrol('Binta', { language: 'fr' });
    await room.say(binta, 'SOS');
    expect(await room.say(binta, 'Non')).toBe('handled');
  });

  it('are no reason for muting: "Annuler" cancels', async () => {
    const awa = await room.enrol('Awa', { language: 'fr' });
    const { reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    await room.say(awa, `Mettre en sourdine ${reference}`);
    await room.say(awa, 'Annuler');
    expect(await room.log(reference)).not.toContain('muted');
    expect(last(awa)).toContain(reference);
  });

  it('mean nothing once another answer stands there', async () => {
    const awa = await room.enrol('Awa', { language: 'fr' });
    const { reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    await room.say(awa, 'Clore');
    await room.say(awa, 'Mes contacts');
    await room.say(awa, 'Danger passé');
    expect((await room.alert(reference)).state).toBe('taken');
  });

  it('and all other phrases are named by "aide"', async () => {
    const awa = await room.enrol('Awa', { language: 'fr' });
    await room.say(awa, 'aide');
    for (const phrase of [
      'je rends',
      'passer à Awa',
      'clore',
      'sourdine',
      'mes gardes',
      'lieu sûr',
      'signaler',
    ])
      expect(last(awa)).toContain(`« ${phrase} »`);
  });
});
