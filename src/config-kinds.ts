/** Kinds of settings that several parts have: what they must look like, said as the mend. */
import { z } from 'zod';

/** Spaces around a value are never meant. */
const blankIsAbsent = (value: unknown) => {
  const text = typeof value === 'string' ? value.trim() : value;
  return text === '' ? undefined : text;
};

/** A setting that may be left empty. */
export const setting = <T extends z.ZodType>(schema: T) => z.preprocess(blankIsAbsent, schema);

const number = (least: number, most: number) => {
  const give = `give a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, give)
    .transform(Number)
    .refine((given) => given >= least && given <= most, give);
};

/** A whole number; `usual` where none is given. */
export const usually = (least: number, most: number, usual: number) =>
  setting(number(least, most).default(usual));

/** A server's address, and no more than it. */
export const SERVER = {
  protocols: ['http', 'https'],
  login: 'give it without user and password',
  path: 'give the server alone, without a path',
} as const;
