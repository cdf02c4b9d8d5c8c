import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COLUMN_KINDS, goesIn, rowsThatGoIn, staysOut } from '../../src/backup/tables.ts';
import { getTableName, is, PgTable } from '../../src/db/drizzle.cjs';
import * as schema from '../../src/db/schema.ts';
import { onSnapshot, type Shape, shapesOf } from '../../src/db/snapshot.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let shapes: Shape[];
beforeAll(async () => {
  database = await createTestDatabase({ max: 1 });
  shapes = (await onSnapshot(database.url, ({ tx }) => shapesOf(tx))) ?? [];
});
afterAll(() => database.close());

describe('every table of the schema', () => {
  test('either goes into a backup or stays out, and why it stays out is said', () => {
    const tables: string[] = Object.values(schema).flatMap((each) =>
      is(each, PgTable) ? [getTableName(each)] : [],
    );
    expect(tables.length).toBeGreaterThan(40);
    expect(tables.filter((name) => goesIn.includes(name) === staysOut.has(name))).toEqual([]);
    expect([...goesIn, ...staysOut.keys()].filter((name) => !tables.includes(name))).toEqual([]);
    expect(shapes.map(({ name }) => name).sort()).toEqual(tables.sort());
    for (const why of staysOut.values()) expect(why.length).toBeGreaterThan(15);
  });

  test('has only columns whose form is the same everywhere, and comes after those it refers to', () => {
    const kinds = new Set(shapes.flatMap(({ columns }) => columns.map(({ kind }) => kind)));
    expect([...kinds].filter((kind) => !COLUMN_KINDS.has(kind))).toEqual([]);
    const place = (name: string): number => shapes.findIndex((each) => each.name === name);
    expect(place('contacts')).toBeLessThan(place('officer_contacts'));
    expect(place('cases')).toBeLessThan(place('evidence'));
    expect(place('evidence')).toBeLessThan(place('evidence_chunks'));
  });
});

describe('the session of WhatsApp', () => {
  test('goes in on the operator’s word only; who is who among the people goes in always', () => {
    expect(rowsThatGoIn('whatsapp_session', { isSessionKept: true })).toBe(undefined);
    expect(rowsThatGoIn('whatsapp_session', { isSessionKept: false })).toBe('outlives');
  });
});
