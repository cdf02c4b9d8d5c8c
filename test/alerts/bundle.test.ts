import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUNDLE, planPage, type RecentPage } from '../../src/alerts/bundle.ts';
import type { AlertId } from '../../src/kernel/ids.ts';

const NOW = new Date('2026-11-24T02:00:00Z');
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const page = (id: string, more: Partial<RecentPage> = {}): RecentPage => ({
  alertId: id as AlertId,
  raisedAt: ago(60_000),
  pagedAt: ago(50_000),
  deliveryId: 1,
  isBundle: false,
  isQueued: false,
  dueAt: ago(50_000),
  ...more,
});
const alert = { id: 'new' as AlertId, raisedAt: NOW, level: 'urgent' } as const;
const critical = { ...alert, level: 'critical' } as const;

describe('a page among others', () => {
  it('goes alone up to the third alert', () => {
    expect(planPage(alert, false, [page('a'), page('b')], NOW)).toEqual({ kind: 'single' });
  });

  it('goes with all others from the fourth on, at once the first time', () => {
    const plan = planPage(alert, false, [page('a'), page('b'), page('c')], NOW);
    expect(plan).toMatchObject({ kind: 'bundle', total: 4, delayMs: 0 });
  });

  it('waits a little behind a bundle that has just left, and does not wait longer for each further one', () => {
    const others = ['a', 'b', 'c', 'd'].map((id) => page(id, { isBundle: true, dueAt: ago(5_000) }));
    expect(planPage(alert, false, others, NOW)).toMatchObject({ delayMs: BUNDLE.apartMs - 5_000 });
    const queued = others.map((each) => ({ ...each, isQueued: true, deliveryId: 7, dueAt: ago(-3_000) }));
    expect(planPage(alert, false, queued, NOW)).toMatchObject({ delayMs: 3_000, replaces: [7] });
  });

  it('is held for a second at most if it is the first of a critical alert, however many went before', () => {
    const others = ['a', 'b', 'c', 'd'].map((id) => page(id, { isBundle: true, dueAt: ago(400) }));
    expect(planPage(critical, false, others, NOW)).toMatchObject({ delayMs: 600 });
    const queued = others.map((each) => ({ ...each, isQueued: true, deliveryId: 7, dueAt: ago(-15_000) }));
    expect(planPage(critical, false, queued, NOW)).toMatchObject({ delayMs: 0, replaces: [7] });
    expect(planPage(critical, false, [...others, ...queued], NOW)).toMatchObject({ delayMs: 600 });
    expect(planPage(critical, true, others, NOW)).toMatchObject({ delayMs: BUNDLE.apartMs - 400 });
  });

  it('is held for five seconds once twenty bundles have left, so that the officer can read them', () => {
    const bundles = Array.from({ length: BUNDLE.urgentBundles }, (_, n) =>
      page(`${n}`, { isBundle: true, deliveryId: n, dueAt: ago(1_000) }),
    );
    expect(planPage(critical, false, bundles, NOW)).toMatchObject({ delayMs: 4_000 });
    expect(planPage(critical, false, bundles.slice(1), NOW)).toMatchObject({ delayMs: 0 });
  });

  it('leaves when what waits there would have left, however many more alerts come', () => {
    const waiting = ['a', 'b', 'c'].map((id, n) =>
      page(id, { isQueued: true, deliveryId: n, dueAt: ago(-9_000) }),
    );
    for (const each of [alert, critical])
      expect(planPage(each, false, waiting, NOW, 60_000)).toMatchObject({ delayMs: 9_000 });
    expect(planPage(alert, false, [page('a'), page('b'), page('c')], NOW, 60_000).kind).toBe('bundle');
    expect(planPage(alert, false, [page('a'), page('b'), page('c')], NOW, 60_000)).toMatchObject({
      delayMs: 60_000,
    });
  });

  it('is spared as a repeat only if a bundle with the same alert has just left', () => {
    const others = ['a', 'b', 'c', 'new'].map((id) => page(id, { isBundle: true }));
    expect(planPage(alert, true, others, NOW).kind).toBe('spared');
    expect(planPage(alert, false, others, NOW).kind).toBe('bundle');
    const older = others.map((each) => ({ ...each, pagedAt: ago(BUNDLE.sparedMs) }));
    expect(planPage(alert, true, older, NOW).kind).toBe('bundle');
  });

  it('never drops an alert: what is replaced stands in what leaves, and so does the new one', () => {
    const recent = fc.array(
      fc.record({
        alertId: fc.integer({ min: 0, max: 90 }).map((n) => `alert-${n}` as AlertId),
        raisedAt: fc.integer({ min: 0, max: 300_000 }).map(ago),
        pagedAt: fc.integer({ min: -1_000_000, max: 300_000 }).map(ago),
        deliveryId: fc.nat({ max: 50 }),
        isBundle: fc.boolean(),
        isQueued: fc.boolean(),
        dueAt: fc.integer({ min: -1_000_000, max: 300_000 }).map(ago),
      }),
      { minLength: 30, maxLength: 120, size: 'max' },
    );
    fc.assert(
      fc.property(recent, fc.boolean(), fc.constantFrom(alert, critical), (pages, isRepeat, alert) => {
        const plan = planPage(alert, isRepeat, pages, NOW);
        if (plan.kind !== 'bundle') return;
        const leaving = plan.pages.flat();
        expect(leaving).toContain(alert.id);
        for (const each of pages)
          if (plan.replaces.includes(each.deliveryId) && each.isQueued)
            expect(leaving).toContain(each.alertId);
        expect(new Set(leaving).size).toBe(leaving.length);
        for (const one of plan.pages) expect(one.length).toBeLessThanOrEqual(BUNDLE.most);
        expect(plan.delayMs).toBeGreaterThanOrEqual(0);
        expect(plan.delayMs).toBeLessThanOrEqual(BUNDLE.apartMs);
      }),
    );
  });
});
