/** What one step says, as messages that may wait for each other. */
import type { Say } from '../values/effect.ts';
import { UNASKED } from '../words/unasked-keys.ts';
import { commandButton, promptOf } from './prompt.ts';
import { heard, isOpenQuestion } from './spoken.ts';
import type { Turn } from './turn.ts';

/** What is said at the end: lines first, then the question. */
export function said(turn: Turn): Say[] {
  const { state, firm, light } = turn;
  const lines = [...firm, ...light].filter(({ key }) => !turn.isUnasked || key in UNASKED);
  const base = { type: 'say', turn: state.turn } as const;
  if (turn.reply === 'none')
    return lines.length > 0 ? [{ ...base, lines, ...heard(turn, { before: lines }) }] : [];
  if (turn.reply === 'ack') {
    const names = [...turn.offer, 'done'];
    const commands = names.map((name) => commandButton(turn, name));
    const spoken = heard(turn, { before: lines, isOpen: true });
    return [{ ...base, lines, ...spoken, commands, ...paced(turn) }];
  }
  const prompt = promptOf(turn, turn.offer);
  // The buttons that stand under every question say what this is about.
  if (turn.isUnasked) return [{ ...base, lines: [...lines, ...prompt.lines] }];
  // What must arrive does not wait with the question for the rest of a thought.
  const isApart = turn.thought !== undefined && firm.length > 0;
  const before = isApart ? light : lines;
  const asked: Say = {
    ...base,
    lines: [...before, ...prompt.lines],
    ...heard(turn, { before, asking: prompt.lines, choices: prompt.choices, isOpen: isOpenQuestion(turn) }),
    ...(prompt.choices.length > 0 ? { choices: prompt.choices } : {}),
    ...(prompt.commands.length > 0 ? { commands: prompt.commands } : {}),
    ...(isApart ? waiting(turn) : paced(turn)),
  };
  return isApart ? [{ ...base, lines: [...firm], ...heard(turn, { before: firm }) }, asked] : [asked];
}

/** What must arrive is never replaced by what is said next; all else gives way to it. */
function paced(turn: Turn): Pick<Say, 'coalesce' | 'delay' | 'replaces'> {
  return turn.firm.length > 0 ? { replaces: QUESTION } : waiting(turn);
}

/** The key of what gives way to whatever is said next. */
export const QUESTION = 'question';

const waiting = ({ delay }: Turn): Pick<Say, 'coalesce' | 'delay'> =>
  delay > 0 ? { coalesce: QUESTION, delay } : { coalesce: QUESTION };
