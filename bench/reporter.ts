/** A reporter of what is not urgent, question by question up to the read-back. */
import type { IncomingContent, OutgoingMessage } from '../src/channels/channel.ts';

/** Labels that are chosen before the first one: the report stays one that wakes nobody. */
const CHOSEN = ['Non, pas en ce moment', '2. Non'];
const COMMANDS = ['Retour', 'Passer', 'Aide', 'Partir', 'SOS', 'Langue'];
const SEND = 'Envoyer';
/** Stands under the question of consent alone. */
const READ_MORE = 'Lire plus';
/** Stands under the account alone, until something is told. */
const CHOOSE_INSTEAD = 'Choisir dans une liste';

export type Reporter = {
  /** What the bot says arrives. */
  hears(message: OutgoingMessage): void;
  /** The button that sends the report; undefined before the read-back. */
  send(): IncomingContent | undefined;
  /** What this person does next; undefined while they wait for an answer. */
  next(): IncomingContent | undefined;
};

export function createReporter(): Reporter {
  let heard: OutgoingMessage | undefined;
  let isWaiting = false;
  let words = 0;
  const offered = () => heard?.rows?.flat() ?? [];
  const press = ({ data }: { data: string }): IncomingContent => ({ kind: 'button', data });
  const answer = () => {
    const answers = offered().filter(
      ({ label }) => !COMMANDS.includes(label) && !label.includes(CHOOSE_INSTEAD),
    );
    const done = answers.find(({ label }) => label === 'Terminé');
    const isAnswered =
      answers.some(({ label }) => label.includes('✓')) || (answers.length === 1 && words > 1);
    if (isAnswered && done) return done;
    const isConsent = answers.some(({ label }) => label.includes(READ_MORE));
    if (isConsent) return answers[0];
    return (
      answers.find(({ label }) => CHOSEN.some((chosen) => label.includes(chosen))) ??
      answers.find((each) => each !== done)
    );
  };
  return {
    hears(message) {
      heard = message;
      isWaiting = false;
    },
    send() {
      const button = offered().find(({ label }) => label.includes(SEND));
      return button && press(button);
    },
    next() {
      if (isWaiting) return undefined;
      isWaiting = true;
      const button = answer();
      if (button) return press(button);
      words += 1;
      return { kind: 'text', text: `passage ${words} : en quelques mots, ce qui s'est passé` };
    },
  };
}
