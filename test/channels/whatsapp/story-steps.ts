/** Stories of two people who write to the bot while everything goes wrong that can, as data, for property tests. */
import fc from 'fast-check';
import type { CloseCode } from '../../fakes/whatsapp/line.ts';

export const NAMES = ['Awa', 'Issa'] as const;
export type Name = (typeof NAMES)[number];

/** Which of her two addresses WhatsApp puts on a message, and whether it tells the other one too. */
export type Addressing = { by: 'lid' | 'number'; alone: boolean };

/** What the service calls on the way of a message; it can die right before or right after each. */
const CALLS = ['read', 'write', 'find', 'waiting', 'receive', 'handled'] as const;
export type Death = { call: (typeof CALLS)[number]; side: 'before' | 'after' };

const ORDERS = ['as sent', 'Awa first', 'Issa first', 'in turn'] as const;

export type Order = (typeof ORDERS)[number];

export type Step =
  | ({ does: 'says'; who: Name } & Addressing)
  /** The same bytes once more; `back`: which of her messages, from the newest. */
  | { does: 'comes twice'; who: Name; back: number }
  /** The same message, sealed anew under its old id. */
  | ({ does: 'is sent again'; who: Name; back: number } & Addressing)
  | { does: 'holds' }
  | { does: 'delivers'; order: Order }
  | { does: 'drops' }
  /** The socket stays open and dead, until it drops or is closed. */
  | { does: 'falls silent' }
  | { does: 'closes'; code: CloseCode }
  /** The connection breaks with the next receipt still inside. */
  | { does: 'loses a receipt' }
  /** The next message cannot be saved at the first try. */
  | { does: 'cannot save' }
  /** Nothing can be read or written, until it is back. */
  | { does: 'loses the database' }
  | { does: 'has the database back' }
  | { does: 'restarts' }
  | ({ does: 'dies' } & Death)
  /** Nothing new happens for a moment. */
  | { does: 'goes on' }
  /** Nothing new happens until all that was said is handled. */
  | { does: 'rests' };

/** Steps that read as a story when a test fails. */
export class Story {
  readonly steps: readonly Step[];

  constructor(steps: readonly Step[]) {
    this.steps = steps;
  }

  [fc.toStringMethod](): string {
    return `\n${this.steps.map((step) => `  ${told(step)}`).join('\n')}\n`;
  }
}

function told(step: Step): string {
  const from = ({ by, alone }: Addressing) => `by ${by}${alone ? ' alone' : ''}`;
  switch (step.does) {
    case 'says':
      return `${step.who} writes ${from(step)}`;
    case 'comes twice':
      return `${step.who}'s message, ${step.back} before the last, comes a second time`;
    case 'is sent again':
      return `${step.who}'s message, ${step.back} before the last, is sealed and sent again ${from(step)}`;
    case 'holds':
      return 'WhatsApp keeps what is said';
    case 'delivers':
      return `WhatsApp delivers what it kept, ${step.order}`;
    case 'closes':
      return `WhatsApp closes with ${step.code}`;
    case 'dies':
      return `the service is killed ${step.side} its next ${step.call}`;
    case 'drops':
    case 'falls silent':
      return `the connection ${step.does}`;
    default:
      return `the service ${step.does}`;
  }
}

const who = fc.constantFrom(...NAMES);
const addressing = { by: fc.constantFrom('lid' as const, 'number' as const), alone: fc.boolean() };
const back = fc.nat({ max: 2 });
const does = <D extends string>(word: D) => fc.constant(word);
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });

const step: fc.Arbitrary<Step> = fc.oneof(
  weighted(12, fc.record({ does: does('says'), who, ...addressing })),
  weighted(2, fc.record({ does: does('comes twice'), who, back })),
  weighted(2, fc.record({ does: does('is sent again'), who, back, ...addressing })),
  weighted(1, fc.record({ does: does('holds') })),
  weighted(2, fc.record({ does: does('delivers'), order: fc.constantFrom(...ORDERS) })),
  weighted(1, fc.record({ does: does('drops') })),
  weighted(1, fc.record({ does: does('falls silent') })),
  weighted(1, fc.record({ does: does('closes'), code: fc.constantFrom<CloseCode>(428, 500, 503, 515) })),
  weighted(1, fc.record({ does: does('loses a receipt') })),
  weighted(1, fc.record({ does: does('cannot save') })),
  weighted(1, fc.record({ does: does('loses the database') })),
  weighted(1, fc.record({ does: does('has the database back') })),
  weighted(1, fc.record({ does: does('restarts') })),
  weighted(
    2,
    fc.record({
      does: does('dies'),
      call: fc.constantFrom(...CALLS),
      side: fc.constantFrom('before' as const, 'after' as const),
    }),
  ),
  weighted(4, fc.record({ does: does('goes on') })),
  weighted(1, fc.record({ does: does('rests') })),
);

/** Any story of two people. */
export const stories = fc.array(step, { minLength: 1, maxLength: 30 }).map((steps) => new Story(steps));

const says = (who: Name, by: Addressing['by'] = 'lid'): Step => ({ does: 'says', who, by, alone: false });

/** Stories that once went wrong. */
export const REMEMBERED: readonly Story[] = [
  // The bytes of her first message come again while they are being decrypted, behind her second one.
  [says('Issa'), says('Issa'), { does: 'comes twice', who: 'Issa', back: 1 } as const, says('Awa')],
  // A message that could not be stored was refused, and WhatsApp took that for an answer.
  [
    says('Awa'),
    { does: 'rests' } as const,
    { does: 'loses the database' } as const,
    says('Awa'),
    says('Issa', 'number'),
    { does: 'goes on' } as const,
    { does: 'has the database back' } as const,
  ],
  // While it was looked up who wrote the first, the second was kept; then the service died, and the second came first.
  [
    { does: 'drops' } as const,
    { does: 'drops' } as const,
    { does: 'goes on' } as const,
    { does: 'dies', call: 'waiting', side: 'before' } as const,
    says('Awa'),
    { does: 'says', who: 'Awa', by: 'lid', alone: true } as const,
    { does: 'goes on' } as const,
  ],
].map((steps) => new Story(steps));
