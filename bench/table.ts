/** One line of the table; times in milliseconds. `ratio` is to the reference that `against` names. */
export type Row = {
  what: string;
  median?: number;
  p99?: number;
  perSecond?: number;
  ratio?: number;
  against?: string;
  note?: string;
};

export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** A row of many timings. */
export function rowOf(what: string, { each, seconds }: { each: readonly number[]; seconds: number }): Row {
  return {
    what,
    median: percentile(each, 0.5),
    p99: percentile(each, 0.99),
    perSecond: each.length / seconds,
  };
}

/** Markdown, so that it can stand in the README as it is. */
export function table(rows: readonly Row[]): string {
  const number = (value: number | undefined, digits: number) =>
    value === undefined ? '' : value.toFixed(digits);
  const lines = rows.map((row) =>
    [
      row.what,
      number(row.median, 1),
      number(row.p99, 1),
      number(row.perSecond, 0),
      row.ratio === undefined ? '' : `${row.ratio.toFixed(2)} × ${row.against}`,
      row.note ?? '',
    ].join(' | '),
  );
  return [
    '| what | median ms | p99 ms | per second | ratio | |',
    '|---|--:|--:|--:|---|---|',
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n');
}
