/** What reporters say in place of a label, a command or a number, at the question that it belongs to. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

describe('a reporter who agrees to go on', () => {
  const asked = () => walkTo(calmPerson(), 'report.consent');

  it.each([
    'daccord',
    "j'accepte de continuer",
    'oui jaccepte de continuer',
    'continuer',
    'oui je continue merci',
    'i agree to go on',
  ])('in the words "%s" has agreed', (words) => {
    expect(asked().writes(words).state?.answers.consent).toEqual({ kind: 'choice', value: 'yes' });
  });

  it.each(['refuse', "je n'accepte pas de continuer", 'je ne continue pas'])(
    'and one who says "%s" has refused',
    (words) => {
      expect(asked().writes(words).did('forget_draft')).toHaveLength(1);
    },
  );

  it.each(['merci', 'oui mais anonyme', 'je continue si vous ne dites rien', "j'accepte pas trop"])(
    'not in the words "%s"',
    (words) => {
      const awa = asked().writes(words);
      expect(awa.at).toBe('report.consent');
      expect(awa.state?.answers.consent).toBeUndefined();
    },
  );
});

describe('a reporter who is asked whether the phone is safe', () => {
  it.each([
    'partagé',
    'on partage le téléphone',
    'telephone emprunté',
    'je suis au cyber',
    'c pas mon telephone',
    'c est le tel de ma soeur',
    'on la fouillé hier',
    'sous surveillance',
    'mon mari regarde',
    'mon mari',
    'tout le monde lit',
    'it is a shared phone',
  ])('and says "%s" is not written to first, and loses no word', (words) => {
    const awa = walkTo(calmPerson(), 'report.phone_safe').writes(words);
    expect(awa.state?.answers.phone_safe).toEqual({ kind: 'choice', value: 'no' });
    expect(awa.state?.mayWrite).toEqual({ no: 'phone_unsafe' });
    expect(JSON.stringify(awa.state?.answers.account)).toContain(words);
  });

  it.each(['moi seulement', "personne d'autre"])('and says "%s" is asked for a yes', (words) => {
    expect(walkTo(calmPerson(), 'report.phone_safe').writes(words).at).toBe('report.phone_safe');
  });
});

describe('a reporter who wants to speak to a person', () => {
  it.each([
    'je veux parler a quelquun',
    'parler a quelqun svp',
    'jveux parler avec quelquun',
    'parler à qqun',
  ])('and begins with "%s" is led there', (words) => {
    const awa = new Person().writes(words).picks('none');
    expect(awa.state?.answers.ways).toEqual({ kind: 'choice', value: 'person' });
    expect(walkTo(awa, 'report.contact_how', { phone_safe: 'yes' }).state?.trail).not.toContain(
      'report.account',
    );
  });
});

describe('a reporter who is about to send what they have', () => {
  it.each(["j'envoie", "j'envoie les photos", "oui j'envoie"])(
    'and says "%s" has not sent the report',
    (words) => {
      const awa = walkTo(calmPerson(), 'report.evidence').writes(words);
      expect(awa.did('submit')).toHaveLength(0);
      expect(awa.at).toBe('report.evidence');
      expect(JSON.stringify(awa.state?.answers.evidence)).toContain(words);
    },
  );

  it('still finds "send" beside it, and by its own word', () => {
    const binta = walkTo(calmPerson(), 'report.evidence').writes("j'envoie");
    expect(binta.commands).toContain('send');
    expect(binta.writes('envoyer').did('submit')).toHaveLength(1);
  });
});

describe('a reporter who is asked what happens now', () => {
  const asked = () => walkTo(calmPerson(), 'report.course');

  it.each(["c'est fini", 'cest fini', 'ca s est arreté', "it's over"])(
    'and says "%s" has said that it is over',
    (words) => {
      const awa = asked().writes(words);
      expect(awa.state?.answers.course).toEqual({ kind: 'choices', values: ['over'] });
      expect(awa.writes("c'est fini").at).toBe('report.before');
      expect(awa.state?.answers.course).toEqual({ kind: 'choices', values: ['over'] });
    },
  );

  it.each(['urgent', "c'est urgent", 'pour moi c est urgent', 'très urgent'])(
    'and says "%s" has chosen that: people are called, and the questions go on',
    (words) => {
      const binta = asked().writes(words);
      expect(binta.state?.answers.course).toEqual({ kind: 'choices', values: ['urgent'] });
      expect(binta.case).toMatchObject({ level: 'urgent', reason: 'danger' });
      expect(binta.keys).toContain('bot.danger_in_answer');
      expect(binta.writes('terminé').at).toBe('report.before');
    },
  );

  it.each(['sos', 'au secours', 'aidez moi', 'danger'])('and cries "%s" has cried for help', (words) => {
    expect(asked().writes(words).case?.reason).toBe('sos');
  });

  it('and elsewhere "urgent" is a cry for help', () => {
    expect(walkTo(calmPerson(), 'report.before').writes("c'est urgent").case?.reason).toBe('sos');
  });
});

describe('a reporter who is asked in which language one should speak to them', () => {
  const asked = () => walkTo(calmPerson(), 'report.spoken');

  it.each([
    ['bamanankan', 'bm'],
    ['en bambara svp', 'bm'],
    ['fr', 'fr'],
    ['francais', 'fr'],
  ])('and says "%s" has answered that, and nothing else', (words, language) => {
    const awa = asked().writes(words);
    expect(awa.state?.answers.spoken).toEqual({ kind: 'choice', value: language });
    expect(awa.state?.language).toBe('fr');
  });

  it.each(['anglais', 'english', 'en anglais'])('and says "%s" is not spoken to in it here', (words) => {
    const binta = asked().writes(words);
    expect(binta.state?.language).toBe('fr');
    expect(JSON.stringify(binta.state?.answers.account)).toContain(words);
  });
});

describe('a reporter who speaks for a person who is held', () => {
  it.each(['notre collegue', 'notre président', 'our colleague'])(
    'and says "%s" speaks of another person',
    (words) => {
      const awa = walkTo(calmPerson(), 'report.who').writes(words);
      expect(awa.state?.answers.who).toEqual({ kind: 'choice', value: 'other_defender' });
    },
  );

  it('and does not say whose report it is is not asked as if they were held themselves', () => {
    const binta = walkTo(calmPerson(), 'report.who').writes('je ne sais pas');
    walkTo(binta, 'report.free_now', { group: 'arrested' });
    expect(binta.keys).toContain('report.free_now.ask_other');
    expect(binta.screen).toContain('La personne est-elle libre maintenant ?');
  });
});
