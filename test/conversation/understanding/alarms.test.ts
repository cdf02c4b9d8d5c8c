import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  accountsSchema,
  alarmsTable,
  areHeard,
  tryAlarms,
} from '../../../src/conversation/transcripts/alarms.ts';
import { texts } from '../person.ts';

const accounts = accountsSchema.parse(parse(readFileSync('flows/understanding/grave.yaml', 'utf8')));
const alarms = tryAlarms(texts, accounts);

describe('what an account tells', () => {
  it('is tried by eighty grave and eighty calm ones, no two alike', () => {
    for (const kind of ['grave', 'calm'] as const) {
      const { tune, judge } = accounts[kind];
      expect(tune.length).toBeGreaterThanOrEqual(80);
      expect(judge.length).toBeGreaterThanOrEqual(20);
      expect(new Set([...tune, ...judge]).size).toBe(tune.length + judge.length);
    }
  });

  it('calls people for seventeen grave ones of twenty and hears nineteen, at least, and takes one calm one of twenty for grave at most; unseen, no worse than before', () => {
    // biome-ignore lint/suspicious/noConsole: who mends the words wants to see the rates
    console.info(alarmsTable(alarms));
    expect(areHeard(alarms)).toBe(true);
  });

  it('would be seen to be missed, and to call for nothing', () => {
    const wrong = { tune: ['bonjour à tous'], judge: ['ils ont pris mon mari ce matin'] };
    const tried = tryAlarms(texts, { grave: wrong, calm: wrong });
    expect(tried).toMatchObject([
      { missed: ['bonjour à tous'], forNothing: [] },
      { missed: [], forNothing: ['ils ont pris mon mari ce matin'] },
    ]);
    expect(areHeard(tried)).toBe(false);
    expect(alarmsTable(tried)).toContain('missed: bonjour à tous');
  });
});
