/** What the codes of the WhatsApp connection mean, and what to do about them. No Baileys in here: `doctor` reads it. */
import { inEnglish, type Line } from '../../app/ground/lines.ts';
import { line } from './lines.ts';

type Meaning = { said: Line; mend?: Line };

const ENDED: Meaning = { said: line('code.ended'), mend: line('mend.itself') };

const CODES: Readonly<Record<string, Meaning>> = {
  none: ENDED,
  '401': { said: line('code.unlinked'), mend: line('mend.pair_who') },
  '402': { said: line('code.banned_for_now'), mend: line('mend.read') },
  '403': { said: line('code.blocked'), mend: line('mend.read') },
  '405': { said: line('code.old'), mend: line('mend.install') },
  '406': { said: line('code.banned'), mend: line('mend.read') },
  '408': { said: line('code.silent'), mend: line('mend.network') },
  '411': { said: line('code.unlinked'), mend: line('mend.pair') },
  '428': { said: line('code.cut'), mend: line('mend.network') },
  '440': { said: line('code.replaced'), mend: line('mend.stop') },
  '500': { said: line('code.ended_there'), mend: line('mend.itself') },
  '503': { said: line('code.away'), mend: line('mend.itself') },
  ack_463: { said: line('code.not_to_all'), mend: line('mend.read_call') },
};

/** A close code, or `ack_` and the code by which a message was refused. */
export function meaningOf(code: string): Meaning {
  const known = CODES[code];
  if (known) return known;
  return code.startsWith('ack_') ? { said: line('code.refused') } : ENDED;
}

/** Why it stopped for good. */
export const STOPPED_BY: Readonly<Record<string, Meaning>> = {
  logged_out: { said: line('code.unlinked'), mend: line('mend.pair_whole') },
  replaced: { said: line('code.replaced'), mend: line('mend.stop_unknown') },
  refused: { said: line('code.limited'), mend: line('mend.read') },
  outdated: { said: line('code.old'), mend: line('mend.install') },
};

/** As a command says it. */
export const inTerminal = ({ said, mend }: Meaning): { words: string; mend?: string } => ({
  words: inEnglish(said),
  ...(mend ? { mend: inEnglish(mend) } : {}),
});
