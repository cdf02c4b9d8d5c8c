/** The rules and the dashboard in `ops/`: they name what is measured, and pages that are there. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createMetrics } from '../src/app/ground/metrics.ts';
import { headingsOf, metricsIn, ROOT } from './ops-files.ts';

const rules = z
  .object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            for: z.string(),
            labels: z.object({ severity: z.enum(['page', 'look']) }),
            annotations: z.object({ summary: z.string(), page: z.string() }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(await readFile(`${ROOT}ops/rules.yml`, 'utf8')))
  .groups.flatMap((group) => group.rules);

const dashboard = z
  .object({
    panels: z.array(
      z.object({
        id: z.number(),
        title: z.string(),
        targets: z.array(z.object({ expr: z.string() })).min(1),
      }),
    ),
  })
  .parse(JSON.parse(await readFile(`${ROOT}ops/dashboard.json`, 'utf8'))).panels;

const measured = new Set((await createMetrics().registry.metrics()).match(/lakana_\w+/g));

describe('what is watched', () => {
  test.each(rules)('$alert names a page of docs that is there, with its part', async ({ annotations }) => {
    const [page = '', part = ''] = annotations.page.split('#');
    expect(await headingsOf(page)).toContain(part);
  });

  test.each([
    ...rules,
    ...dashboard.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ alert: title, expr }))),
  ])('$alert asks for what is measured', ({ expr }) => {
    const named = metricsIn(expr);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !measured.has(name))).toEqual([]);
  });

  test('each rule is tried, and each panel has a number of its own', async () => {
    const tried = await readFile(`${ROOT}ops/rules-test.yml`, 'utf8');
    expect(rules.filter(({ alert }) => !new RegExp(`alertname: ${alert}$`, 'm').test(tried))).toEqual([]);
    expect(new Set(dashboard.map(({ id }) => id)).size).toBe(dashboard.length);
  });
});
