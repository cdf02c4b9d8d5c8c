/**
 * A position that is shared live: where the reporter is must be known, and their phone tells it again every few
 * seconds.
 */
import { describe, expect, it } from 'vitest';
import { Person } from './person.ts';

/** Awa has cried for help and shares where she is. */
function inDanger(): Person {
  const awa = new Person().writes('SOS').does({ kind: 'location', latitude: 12, longitude: -8 });
  return awa;
}
const places = (awa: Person) =>
  (awa.case?.entries ?? []).flatMap(({ answer }) =>
    answer.kind === 'account' ? answer.parts.filter(({ kind }) => kind === 'point') : [],
  );
/** The database's clock goes on: what is due happens. */
function moves(awa: Person, latitude: number, afterMs: number): void {
  const at = awa.now.getTime() + afterMs;
  const due = awa.state?.due;
  if (due && Date.parse(due.at) <= at)
    awa.does({ kind: due.what }, Math.max(0, Date.parse(due.at) - awa.now.getTime()));
  awa.does({ kind: 'location', latitude, longitude: -8, edited: true }, at - awa.now.getTime());
}

describe('a position that is shared live', () => {
  it('for eight hours is a track of less than 200 places, and the newest is there three minutes later at most', () => {
    const awa = inDanger();
    for (let n = 1; n <= 1_500; n++) moves(awa, 12 + n / 10_000, 19_200);
    expect(places(awa).length).toBeGreaterThan(100);
    expect(places(awa).length).toBeLessThan(200);
    const due = awa.state?.due;
    if (due?.what === 'move_held') awa.does({ kind: 'move_held' }, Date.parse(due.at) - awa.now.getTime());
    expect(places(awa).at(-1)).toMatchObject({ latitude: 12.15 });
    expect(awa.keys).toEqual([]);
  });

  it('that a phone tells 1,500 times in a minute fills no case', () => {
    const awa = inDanger();
    for (let n = 1; n <= 1_500; n++) moves(awa, 12 + n / 10_000, 40);
    expect(places(awa).length).toBeLessThanOrEqual(3);
  });

  it('goes into the case at once with whatever the person does', () => {
    const awa = inDanger();
    moves(awa, 12.1, 1_000);
    expect(places(awa).at(-1)).toMatchObject({ latitude: 12.1 });
    moves(awa, 12.2, 1_000);
    expect(places(awa).at(-1)).toMatchObject({ latitude: 12.1 });
    awa.writes('SOS');
    expect(places(awa).at(-1)).toMatchObject({ latitude: 12.2 });
  });

  it('does not put off the two minutes after which a person who says nothing is in danger', () => {
    const awa = new Person().writes('bonjour').does({ kind: 'location', latitude: 12, longitude: -8 });
    const due = awa.state?.due;
    expect(due?.what).toBe('danger_unanswered');
    for (let n = 1; n < 60; n++)
      awa.does({ kind: 'location', latitude: 12 + n, longitude: -8, edited: true }, 1_000);
    expect(awa.state?.due).toEqual(due);
  });

  it('is forgotten with the rest when a reporter erases what they said', () => {
    const awa = new Person().writes('bonjour').does({ kind: 'location', latitude: 12, longitude: -8 });
    for (let n = 1; n < 4; n++)
      awa.does({ kind: 'location', latitude: 12 + n, longitude: -8, edited: true }, 1_000);
    awa.writes('effacer').picks('yes');
    expect(JSON.stringify(awa.state)).not.toContain('latitude');
  });
});
