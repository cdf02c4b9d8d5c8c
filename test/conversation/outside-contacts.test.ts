import { describe, expect, it } from 'vitest';
import { checkContacts } from '../../src/conversation/checks/check-contacts.ts';
import { problemLine } from '../../src/conversation/checks/problem.ts';
import type { CodeList } from '../../src/conversation/flows/flow.ts';
import { ageingContacts, freshAt, verifiedContacts } from '../../src/conversation/flows/outside-contacts.ts';
import { projectContent } from '../content/content.ts';
import { flowsWithContacts } from '../outside-contacts.ts';
import { conversation, Person, texts } from './person.ts';

const listOf = (entries: CodeList['entries']): CodeList => ({ list: 'outside_organisations', entries });
const checked = { kind: 'international_ngo', name: 'Rivière', contact: '+000 1', verified_on: '2026-11-01' };
const today = { today: '2026-11-24', freshDays: 180 };

describe('organisations outside the CNDH', () => {
  it('are shown once an officer has checked them', () => {
    expect(verifiedContacts(listOf({ river: checked }), today)).toEqual([
      { code: 'river', name: 'Rivière', contact: '+000 1', verifiedOn: '2026-11-01', isAlwaysOpen: false },
    ]);
  });

  it('are not shown unchecked, half checked or without a way to reach them', () => {
    const entries = {
      a: { ...checked, verified_on: '' },
      b: { ...checked, verified_on: 'soon' },
      c: { ...checked, contact: '' },
      d: null,
      e: { ...checked, verified_on: '2026-02-31' },
    };
    expect(verifiedContacts(listOf(entries), today)).toEqual([]);
    expect(verifiedContacts(undefined, today)).toEqual([]);
  });

  it('are shown on the day on which they were checked and for 180 days more, and not on the day after', () => {
    const list = listOf({ river: { ...checked, verified_on: '2026-01-01' } });
    const on = (day: string) => verifiedContacts(list, { ...today, today: day }).length;
    expect([on('2026-01-01'), on('2026-06-30'), on('2026-07-01'), on('2027-01-01')]).toEqual([1, 1, 0, 0]);
  });

  it('are not shown on the word of a day that has not come', () => {
    const list = listOf({ river: { ...checked, verified_on: '2026-11-25' } });
    expect(verifiedContacts(list, today)).toEqual([]);
    expect(verifiedContacts(list, { ...today, today: '2026-11-25' })).toHaveLength(1);
  });

  it('grow old at midnight where the service is, and as fast as the operator says', () => {
    const night = new Date('2026-06-30T23:30:00Z');
    expect(freshAt(night, { timeZone: 'Africa/Bamako' })).toEqual({ today: '2026-06-30', freshDays: 180 });
    expect(freshAt(night, { timeZone: 'Africa/Niamey', contactsFreshDays: 90 })).toEqual({
      today: '2026-07-01',
      freshDays: 90,
    });
    const [river] = ageingContacts(listOf({ river: { ...checked, verified_on: '2026-01-01' } }), {
      today: '2026-06-20',
      freshDays: 180,
    });
    expect([river?.lastDay, river?.daysLeft]).toEqual(['2026-06-30', 10]);
  });

  it('name those first who answer day and night', () => {
    const entries = { day: checked, night: { ...checked, always: 'yes' } };
    expect(verifiedContacts(listOf(entries), today).map(({ code }) => code)).toEqual(['night', 'day']);
  });

  it('leave out what the State runs when its agents are in question', () => {
    const entries = { state: { ...checked, kind: 'national_state' }, river: checked };
    expect(verifiedContacts(listOf(entries), today, { stateAgents: true }).map(({ code }) => code)).toEqual([
      'river',
    ]);
    expect(verifiedContacts(listOf(entries), today)).toHaveLength(2);
  });

  it('never name the ECOWAS Court, even if a list does', () => {
    const entries = { ecowas_court: checked, other: { ...checked, name: 'Cour de la CEDEAO' } };
    expect(verifiedContacts(listOf(entries), today)).toEqual([]);
  });

  it('are none today: no one has checked any', () => {
    expect(verifiedContacts(projectContent().flows.lists.get('outside_organisations'), today)).toEqual([]);
  });
});

describe('a person who asks in the menu who else can help', () => {
  const asking = (at: string, contactsFreshDays?: number) => {
    const entries = {
      fld: { ...checked, contact: '+000 11', verified_on: '2026-06-01', always: 'yes' },
      comaddh: { ...checked, contact: '+000 22', verified_on: '2026-11-01' },
    };
    const flows = flowsWithContacts(conversation.flows, entries);
    const deps = {
      ...conversation,
      flows,
      lists: flows.lists,
      ...(contactsFreshDays ? { contactsFreshDays } : {}),
    };
    const person = new Person({ deps, at }).writes('bonjour').picks('none');
    if (person.state) person.state.at = 'menu.home';
    return person.writes("demander de l'aide ailleurs").screen;
  };

  it('reads a contact as long as it counts as verified when they ask, and not a day longer', () => {
    expect(asking('2026-11-27T10:00:00Z')).toContain('+000 11');
    expect(asking('2026-11-28T23:58:00Z')).toContain('Front Line Defenders : +000 11 (jour et nuit)');
    expect(asking('2026-11-29T00:00:00Z')).not.toContain('+000 11');
    expect(asking('2026-11-29T00:00:00Z')).toContain('COMADDH : +000 22');
  });

  it('reads that none is verified once all have grown old, sooner where the operator says so', () => {
    expect(asking('2027-12-01T10:00:00Z')).toContain(texts.t('fr', 'bot.outside_none'));
    expect(asking('2026-11-24T10:00:00Z', 30)).not.toContain('+000 11');
  });
});

describe('the check of contacts', () => {
  const said = (attributes: Record<string, string>): string[] => {
    const { flows } = projectContent();
    const lists = new Map(flows.lists).set('outside_organisations', listOf({ river: attributes }));
    return checkContacts({ ...flows, lists }, '2026-11-24').map(problemLine);
  };
  const whole = { ...checked, verified_by: 'A. T.' };

  it('has nothing to say of one that was checked, and of one that was not yet', () => {
    expect(said(whole)).toEqual([]);
    expect(said({ ...whole, always: 'yes', verified_on: '2026-11-24' })).toEqual([]);
    expect(said({ name: 'Rivière', verified_on: '' })).toEqual([]);
  });

  it.each([
    ['a day that has not come', { verified_on: '2026-11-25' }, 'verified_on: 2026-11-25 is in the future'],
    ['a day that no calendar has', { verified_on: '2026-02-31' }, '2026-02-31 is no day'],
    ['what is no day', { verified_on: 'last week' }, 'last week is no day'],
    ['a day before there was a list', { verified_on: '1926-11-20' }, '1926-11-20 is no day'],
    ['a day written the other way round', { verified_on: '20-11-2026' }, '20-11-2026 is no day'],
    ['nobody who checked it', { verified_by: ' ' }, 'nobody who verified it'],
    ['no way to reach it', { contact: '' }, 'no contact'],
    ['who checked it, and no day', { verified_on: '' }, 'no verified_on'],
    ['an odd word for day and night', { always: '24/7' }, 'always: 24/7 means nothing'],
  ])('refuses %s in one line, which names the entry and the mend', (_, wrong, line) => {
    const lines = said({ ...whole, ...wrong });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('flows/lists/outside_organisations.yaml, river: ');
    expect(lines[0]).toContain(line);
    expect(lines[0]).toMatch(/; (write|leave)/);
  });
});
