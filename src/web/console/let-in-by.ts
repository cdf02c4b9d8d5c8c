import type { ErasureOfCase } from '../../contract/rights.ts';

/** Who let each of the two who want a case erased into the team, in their order. */
export const letInBy = ({ letInBy }: Pick<ErasureOfCase, 'letInBy'>): string =>
  letInBy.map((names) => names.join(', ') || '–').join(' ; ');
