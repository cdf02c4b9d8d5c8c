/** Gates in a database: a process that comes to one waits there, so that it can be killed at just this place. `close()` them in the end. */
import postgres from 'postgres';
import { expect } from 'vitest';

/** `… commits`: the transaction has done all its work and is told to commit. */
export const WHEN = ['insert', 'update', 'insert commits', 'update commits'] as const;

export type Place = {
  table: string;
  when: (typeof WHEN)[number];
  /** Only rows of which this is true, in SQL; default all. */
  where?: string;
};

/** What becomes of what waited there. */
export type Then = 'goes on' | 'gives up';

export type Gates = Awaited<ReturnType<typeof openGates>>;

const GATE = 4_711;
const nameOf = ({ table, when }: Place): string => `gate_${table}_${when.replace(' ', '_')}`;

function triggerAt(place: Place): string {
  const { table, when, where } = place;
  const [what, commits] = when.split(' ');
  const rows = `for each row ${where === undefined ? '' : `when (${where})`} execute function gate()`;
  return commits === undefined
    ? `create trigger ${nameOf(place)} before ${what} on ${table} ${rows}`
    : `create constraint trigger ${nameOf(place)} after ${what} on ${table} deferrable initially deferred ${rows}`;
}

/** Makes them, all open. */
export async function openGates(url: string, places: readonly Place[]) {
  // The lock that shuts them belongs to one connection.
  const keeper = postgres(url, { max: 1, onnotice: () => undefined });
  await keeper`create table gate (place text)`;
  await keeper.unsafe(`
    create function gate() returns trigger language plpgsql as $$ begin
      if exists (select from gate where place = tg_name) then perform pg_advisory_xact_lock(${GATE}); end if;
      return new;
    end $$;`);
  for (const place of places) await keeper.unsafe(triggerAt(place));

  const waiting = async (): Promise<number[]> => {
    const rows = await keeper<{ pid: number }[]>`
      select pid from pg_locks where locktype = 'advisory' and objid = ${GATE} and not granted`;
    return rows.map(({ pid }) => pid);
  };

  return {
    /** From now on whatever comes to this one waits. */
    async shut(place: Place): Promise<void> {
      await keeper`select pg_advisory_lock(${GATE})`;
      await keeper`insert into gate values (${nameOf(place)})`;
    },
    /** Resolves once something waits there. */
    isReached: (within = 20_000) =>
      expect.poll(async () => (await waiting()).length, { timeout: within, interval: 10 }).not.toBe(0),
    /** What waits goes on, or is undone. */
    async opens(then: Then): Promise<void> {
      if (then === 'gives up')
        for (const pid of await waiting()) await keeper`select pg_terminate_backend(${pid})`;
      await keeper`truncate gate`;
      await keeper`select pg_advisory_unlock(${GATE})`;
    },
    close: () => keeper.end(),
  };
}
