/** A reply to an earlier question answers that question, and never the new one. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const voice = { kind: 'file', evidence: 'voice-1', media: 'voice' } as const;

describe('a reporter who replies to an earlier question', () => {
  it('with a number has changed that answer, and is asked the present question again', () => {
    const awa = walkTo(new Person(), 'report.place', { group: 'threats' });
    const before = awa.state?.answers.place;
    awa.replies('report.phone_safe', '2');
    expect(awa.keys).toContain('bot.old_answer_taken');
    expect(awa.state?.answers.phone_safe).toMatchObject({ kind: 'choice', value: 'no' });
    expect(awa.at).toBe('report.place');
    expect(awa.state?.answers.place).toEqual(before);
  });

  it('is led where the new answer leads', () => {
    const binta = calmPerson();
    binta.replies('report.danger', '1');
    expect(binta.at).toBe('sos.where');
    expect(binta.case?.level).toBe('critical');
  });

  it('with a number where buttons are numbers has changed that answer too', () => {
    const coumba = walkTo(new Person(), 'report.place', { group: 'threats' });
    const turn = coumba.state?.asked?.findLast(({ path }) => path === 'report.phone_safe')?.turn;
    coumba.replies('report.phone_safe', { kind: 'button', data: `r:${turn}:#2` });
    expect(coumba.state?.answers.phone_safe).toMatchObject({ value: 'no' });
    expect(coumba.keys).not.toContain('bot.stale_button');
  });

  it('with several numbers has chosen these', () => {
    const djeneba = walkTo(new Person(), 'report.place', {}).replies('report.course', '1 et 3');
    expect(djeneba.state?.answers.course).toMatchObject({
      kind: 'choices',
      values: ['over', 'several_30_days'],
    });
    expect(djeneba.at).toBe('report.place');
  });

  it('with words says more about it; nothing of the first answer is lost', () => {
    const emma = walkTo(new Person(), 'report.family_told', { group: 'arrested' });
    expect(emma.state?.answers.held_health).toMatchObject({ kind: 'skipped' });
    emma.replies('report.held_health', 'son traitement');
    expect(emma.state?.answers.held_health).toMatchObject({ kind: 'text', text: 'son traitement' });
    emma.replies('report.held_health', 'pour le cœur');
    expect(emma.state?.answers.held_health).toMatchObject({ text: 'son traitement\npour le cœur' });
    emma.replies('report.taken_when', 'lundi');
    expect(emma.state?.answers.taken_when).toMatchObject({ kind: 'date', words: 'lundi' });
    expect(emma.at).toBe('report.family_told');
    emma.replies('report.held_health', voice);
    expect(JSON.stringify(emma.state?.answers.held_health)).toMatch(/son traitement.*cœur.*voice-1/);
  });

  it('with words or a voice note to the account has added them there', () => {
    const fanta = walkTo(new Person(), 'report.place').replies('report.account', 'ils sont revenus');
    fanta.replies('report.account', voice);
    expect(JSON.stringify(fanta.state?.answers.account)).toMatch(/ils sont revenus.*voice-1/);
    expect(fanta.state?.answers.account).toMatchObject({ done: true });
    expect(fanta.at).toBe('report.place');
  });

  it('that is a choice with words has them kept; the present question is no miss', () => {
    const hawa = walkTo(new Person(), 'report.place').replies('report.who', 'ma voisine et moi');
    expect(hawa.keys[0]).toBe('bot.old_words_kept');
    expect(JSON.stringify(hawa.state?.answers.account)).toContain('ma voisine et moi');
    expect(hawa.state).toMatchObject({ at: 'report.place', misses: 0 });
  });

  it('that is the present one, said twice, has answered it', () => {
    const issa = calmPerson().writes('hein').replies('report.consent', '1');
    expect(issa.state?.answers.consent).toMatchObject({ value: 'yes' });
  });

  it('keeps what they have half chosen at the present one', () => {
    const kadia = walkTo(new Person(), 'report.needs').writes('1 et 2');
    kadia.replies('report.phone_safe', '1');
    expect(kadia.at).toBe('report.needs');
    expect(kadia.state?.picking).toBe('needs');
    expect(kadia.state?.answers.needs).toMatchObject({ kind: 'choices' });
  });

  it.each(['SOS', 'partir', 'aide'])('with a command (%s) has given the command', (word) => {
    const mariam = walkTo(new Person(), 'report.place').replies('report.group', word);
    expect(mariam.keys).not.toContain('bot.old_answer_taken');
    if (word === 'SOS') expect(mariam.case?.reason).toBe('sos');
  });
});

describe('a reporter who replies to a question that can be changed no more', () => {
  it('has not answered the present one, is told so, and loses no word', () => {
    const awa = walkTo(new Person(), 'report.review');
    const danger = new Date(awa.state?.asked?.find(({ path }) => path === 'report.danger')?.at ?? 0);
    awa.picks('+send');
    expect(awa.at).toBe('menu.home');
    awa.quoted = danger;
    awa.writes('1');
    expect(awa.at).toBe('menu.home');
    expect(awa.keys).toContain('bot.stale_button');
    // What the number says there is danger all the same.
    expect(awa.keys).toContain('bot.sos_offer');
    awa.quoted = danger;
    awa.writes('ils reviennent');
    expect(JSON.stringify(awa.case)).toContain('ils reviennent');
  });

  it('because no one knows any more which one it was, has not answered the present one either', () => {
    const binta = calmPerson().replies(null, '2');
    expect(binta.at).toBe('report.consent');
    expect(binta.keys[0]).toBe('bot.stale_button');
    expect(binta.state?.misses).toBe(0);
    const coumba = walkTo(new Person(), 'report.taken_from', { group: 'arrested' }).replies(null, 'à Kati');
    expect(coumba.at).toBe('report.taken_from');
    expect(JSON.stringify(coumba.state?.answers.account)).toContain('à Kati');
  });

  it('and said that there is danger is offered SOS', () => {
    const djeneba = walkTo(new Person(), 'report.review');
    const { at = 0, turn = 0 } = djeneba.state?.asked?.find(({ path }) => path === 'report.danger') ?? {};
    djeneba.picks('+send');
    djeneba.quoted = new Date(at);
    djeneba.does({ kind: 'button', data: `r:${turn}:now` });
    expect(djeneba.commands).toContain('sos');
  });

  it('that is the menu has cried for help, by SOS in it', () => {
    const emma = walkTo(new Person(), 'report.review');
    emma.picks('+send');
    emma.picks('report');
    const number = 2;
    emma.replies('menu.home', String(number));
    expect(emma.keys).not.toContain('bot.stale_button');
    expect(emma.at).toBe('sos.where');
    const fanta = walkTo(new Person(), 'report.review');
    fanta.picks('+send');
    const turn = fanta.state?.turn;
    fanta.picks('report');
    fanta.replies('menu.home', { kind: 'button', data: `r:${turn}:#${number}` });
    expect(fanta.at).toBe('sos.where');
  });

  it('asked twice answers it by quoting either, as long as it stands', () => {
    const awa = calmPerson().writes('english');
    const [first, second] = (awa.state?.asked ?? []).filter(({ path }) => path === 'report.consent');
    expect(first?.turn).not.toBe(second?.turn);
    awa.quoted = new Date(first?.at ?? 0);
    awa.writes('1');
    expect(awa.state?.answers.consent).toMatchObject({ value: 'yes' });
  });

  it('of consent changes nothing by it, and is told how to have all erased', () => {
    const awa = walkTo(calmPerson(), 'report.who').replies('report.consent', 'non');
    expect(awa.keys).toEqual(['bot.old_consent', 'report.who.ask']);
    expect(awa.state?.answers.consent).toMatchObject({ value: 'yes' });
    expect(awa.writes('effacer').forgotten).toBe(1);
  });

  it('because the questions have changed has not answered the present one', () => {
    const emma = walkTo(new Person(), 'report.place');
    if (emma.state) emma.state.flows = 'of last week';
    emma.quoted = new Date(emma.state?.asked?.find(({ path }) => path === 'report.group')?.at ?? 0);
    emma.writes('2');
    expect(emma.keys).toContain('bot.stale_button');
    expect(emma.state?.answers.place).toBeUndefined();
  });
});

describe('a reporter whom an officer asked something', () => {
  it('and who replies to a question of ours has answered ours', () => {
    const awa = new Person().writes('SOS').writes('à Kati').isAsked();
    awa.replies('sos.where', 'près du marché');
    expect(awa.keys).not.toContain('bot.reply_passed_on');
    expect(awa.inCase('where').at(-1)).toMatchObject({ text: 'à Kati\nprès du marché' });
  });

  it('and who replies to what the officer wrote has answered the officer', () => {
    const binta = new Person().writes('SOS').writes('à Kati').isAsked();
    binta.quoted = new Date(binta.now.getTime() + 1_000);
    binta.writes('oui');
    expect(binta.keys).toContain('bot.reply_passed_on');
  });
});

describe('a thumb', () => {
  it('under the present question has said yes, under an older one nothing, under a notice nothing', () => {
    const awa = calmPerson();
    awa.replies('report.danger', { kind: 'reaction', emoji: '👍' });
    expect(awa.keys).toContain('bot.stale_button');
    expect(awa.commands).toContain('sos');
    awa.quoted = new Date(0);
    awa.does({ kind: 'reaction', emoji: '👍' });
    expect(awa.keys).toContain('bot.reaction_not_understood');
    awa.replies('report.consent', { kind: 'reaction', emoji: '👍' });
    expect(awa.state?.answers.consent).toMatchObject({ value: 'yes' });
  });
});
