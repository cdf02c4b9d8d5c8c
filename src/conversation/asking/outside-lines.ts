/** Who else can help, as lines: those that the team has verified, or that there are none. */
import { freshAt, OUTSIDE, verifiedContacts } from '../flows/outside-contacts.ts';
import type { Line } from '../values/effect.ts';
import { bot, text, type View } from './turn.ts';

/** A person who looks for help outside the State reads some, not a whole list. */
const MOST_OUTSIDE = 8;

/** What is said of them; if there are none, that is said plainly. */
export function outsideLines(view: View): Line[] {
  // Whom they may accuse nobody has asked: what the State runs is not outside of it.
  const fresh = freshAt(view.now, view.deps);
  const found = verifiedContacts(view.deps.flows.lists.get(OUTSIDE), fresh, { stateAgents: true });
  if (found.length === 0) return [bot('outside_none')];
  const lines = found.slice(0, MOST_OUTSIDE).map(({ code, contact, isAlwaysOpen }) => {
    const name = text(view, `lists.${OUTSIDE}.${code}`);
    return bot(isAlwaysOpen ? 'outside_always' : 'outside_line', { name, contact });
  });
  return [bot('outside_some'), ...lines];
}
