/** "I don't know" to how one may be reached is no yes: nothing is written by itself, and that is said. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

describe('a reporter who does not know how to be reached', () => {
  it('is written to by no one but a person who decides it, and is told so', () => {
    const awa = walkTo(calmPerson(), 'report.contact_how').writes('je ne sais pas');
    expect(awa.at).toBe('report.review');
    expect(awa.state?.mayWrite).toBe('unclear');
    expect(awa.keys).toContain('report.unsure_here.say');
    awa.writes('envoyer');
    expect(awa.case?.isSubmitted).toBe(true);
    expect(awa.state?.mayWrite).toBe('unclear');
  });

  it('and whose phone is not safe is not written to at all', () => {
    const binta = walkTo(calmPerson(), 'report.contact_how', { phone_safe: 'no' }).writes('je ne sais pas');
    expect(binta.state?.mayWrite).toEqual({ no: 'phone_unsafe' });
    expect(binta.keys).not.toContain('report.unsure_here.say');
  });

  it('after SOS is told what will come, as everybody is', () => {
    const coumba = new Person().writes('SOS').writes('à Kati').writes('je ne sais pas', 10_000);
    expect(coumba.at).toBe('sos.go_on');
    expect(coumba.state?.mayWrite).toBe('unclear');
    expect(coumba.keys).toContain('sos.received_unsure.say');
  });
});

describe('words that raise a quiet case to an alert', () => {
  it('after it was sent: the person hears that people are called', () => {
    const awa = walkTo(calmPerson(), 'report.review').picks('+send');
    expect(awa.case?.level).toBe('medium');
    awa.writes('il va me tuer');
    expect(awa.case?.level).toBe('urgent');
    expect(awa.keys).toContain('bot.danger_in_answer');
    expect(awa.keys).toContain('bot.added_to_case');
  });

  it('and are said again do not say it again', () => {
    const binta = walkTo(calmPerson(), 'report.review').picks('+send').writes('il va me tuer');
    expect(binta.writes('ils veulent me tuer').keys).not.toContain('bot.danger_in_answer');
  });

  it('a cry for help has its own answer', () => {
    const coumba = walkTo(calmPerson(), 'report.review').picks('+send').writes('SOS');
    expect(coumba.keys).toContain('bot.sos_received');
    expect(coumba.keys).not.toContain('bot.danger_in_answer');
  });
});
