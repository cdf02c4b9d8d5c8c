import { describe, expect, it } from 'vitest';
import type { CodeList } from '../../src/conversation/flows/flow.ts';
import { verifiedContacts } from '../../src/conversation/flows/outside-contacts.ts';
import { projectContent } from '../content/content.ts';

const listOf = (entries: CodeList['entries']): CodeList => ({ list: 'outside_organisations', entries });
const checked = { kind: 'international_ngo', name: 'Rivière', contact: '+000 1', verified_on: '2026-11-01' };

describe('organisations outside the CNDH', () => {
  it('are shown once somebody has checked them', () => {
    expect(verifiedContacts(listOf({ river: checked }))).toEqual([
      { code: 'river', name: 'Rivière', contact: '+000 1', verifiedOn: '2026-11-01', isAlwaysOpen: false },
    ]);
  });

  it('are not shown unchecked, half checked or without a way to reach them', () => {
    const entries = {
      a: { ...checked, verified_on: '' },
      b: { ...checked, verified_on: 'soon' },
      c: { ...checked, contact: '' },
      d: null,
    };
    expect(verifiedContacts(listOf(entries))).toEqual([]);
    expect(verifiedContacts(undefined)).toEqual([]);
  });

  it('name those first who answer day and night', () => {
    const entries = { day: checked, night: { ...checked, always: 'yes' } };
    expect(verifiedContacts(listOf(entries)).map(({ code }) => code)).toEqual(['night', 'day']);
  });

  it('leave out what the State runs when its agents are in question', () => {
    const entries = { state: { ...checked, kind: 'national_state' }, river: checked };
    expect(verifiedContacts(listOf(entries), { stateAgents: true }).map(({ code }) => code)).toEqual([
      'river',
    ]);
    expect(verifiedContacts(listOf(entries))).toHaveLength(2);
  });

  it('never name the ECOWAS Court, even if a list does', () => {
    expect(
      verifiedContacts(listOf({ ecowas_court: checked, other: { ...checked, name: 'Cour de la CEDEAO' } })),
    ).toEqual([]);
  });

  it('are none today: nobody has checked any', () => {
    expect(verifiedContacts(projectContent().flows.lists.get('outside_organisations'))).toEqual([]);
  });
});
