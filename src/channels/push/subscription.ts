import { z } from 'zod';

/** A browser's subscription to pushes, as it gives it. */
export const subscription = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ }).max(1_000),
  keys: z.strictObject({
    p256dh: z.string().regex(/^[\w-]{87}=?$/),
    auth: z.string().regex(/^[\w-]{22}={0,2}$/),
  }),
});
export type Subscription = z.output<typeof subscription>;
