/** A number with its noun, for an operator: `1 case`, `2 cases`, `0 rows of the audit log`. */
export const numberOf = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
