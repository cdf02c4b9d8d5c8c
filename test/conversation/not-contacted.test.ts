/** Who is to be contacted by no one, or not on this phone, is not asked when and how to speak with them. */
import { describe, expect, it } from 'vitest';
import { calmPerson, type Person, walkTo } from './person.ts';

/** Every question that is asked until the second read-back. */
function askedAfter(person: Person, picks: Readonly<Record<string, string>>): string[] {
  const asked: string[] = [];
  for (let n = 0; n < 80 && !(person.at === 'report.review' && asked.includes('report.evidence')); n++) {
    asked.push(person.at);
    const id = person.at.split('.')[1] ?? '';
    if (picks[id]) person.picks(picks[id]);
    else if (person.at === 'report.review') person.picks('+go_on');
    else person.presses('skip');
  }
  return asked;
}
const picks = { group: 'gender', kind: 'sexual_violence' };

describe('a reporter who is to be contacted by no one', () => {
  it.each(['ne me contactez pas svp', 'non merci', 'personne'])(
    'and says so ("%s") is asked neither when, nor in which language, nor by whom',
    (words) => {
      const awa = walkTo(calmPerson(), 'report.contact_how').writes(words);
      expect(awa.state?.answers.contact_how).toMatchObject({ value: 'no_contact' });
      const asked = askedAfter(awa, picks);
      expect(asked).toContain('report.evidence');
      for (const id of [
        'contact_hours',
        'talk_to',
        'spoken',
        'contact_answers',
        'contact_cover',
        'contact_code',
      ])
        expect(asked, id).not.toContain(`report.${id}`);
    },
  );

  it('unlike one who may be written to', () => {
    const asked = askedAfter(walkTo(calmPerson(), 'report.contact_how').picks('here_any_time'), picks);
    expect(asked).toEqual(expect.arrayContaining(['report.talk_to', 'report.spoken']));
  });
});

describe('a reporter whose phone is not safe', () => {
  it.each(['no', 'unknown'])('(%s) is not asked at which hours to write there', (phone_safe) => {
    const awa = walkTo(calmPerson(), 'report.contact_how', { phone_safe }).picks('here_certain_hours');
    expect(awa.keys).toContain('report.silent_here.say');
    expect(awa.at).toBe('report.review');
    expect(awa.state?.mayWrite).toMatchObject({ no: phone_safe === 'no' ? 'phone_unsafe' : 'phone_unknown' });
  });

  it('and gives a number is asked at which hours to call it', () => {
    const binta = walkTo(calmPerson(), 'report.contact_how', { phone_safe: 'no' }).writes('76 12 34 56');
    expect(binta.at).toBe('report.contact_hours');
  });

  it('is asked once the phone is safe after all', () => {
    const coumba = walkTo(calmPerson(), 'report.contact_how', { phone_safe: 'no' }).picks(
      'here_certain_hours',
    );
    coumba.picks('+correct');
    while (!coumba.choices.includes('phone_safe')) coumba.picks('+next');
    coumba.picks('phone_safe').picks('yes');
    expect(coumba.at).toBe('report.contact_hours');
  });
});
