/**
 * Buttons that ask something before they do it. What asks comes from a library, in a file of its own that is loaded a little
 * later, or when the first of them is touched: a case must be there before.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Problem } from './problem.tsx';
import type { Choice } from './widgets.tsx';
import { useWords } from './words.ts';

type Widgets = typeof import('./widgets.tsx');

let widgets: Promise<Widgets> | undefined;
let loaded: Widgets | undefined;

async function load(): Promise<Widgets> {
  widgets ??= import('./widgets.tsx').catch((error) => {
    // The network was away: the next one who asks tries again.
    widgets = undefined;
    throw error;
  });
  loaded = await widgets;
  return loaded;
}

/** Not while the first case is on its way. */
const LOADED_AFTER_MS = 5_000;

/** Undefined until they are wanted and there. `onLost`: the network was away. */
function useWidgets(isWanted: boolean, onLost: () => void): Widgets | undefined {
  const [found, setFound] = useState(loaded);
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), LOADED_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (isWanted && !found) void load().then(setFound, onLost);
  }, [isWanted, found]);
  return found;
}

/** Asks whether it is really meant. `children`: what to know before. */
export function AskFirst({
  label,
  children,
  onYes,
}: {
  label: string;
  children: ComponentChildren;
  onYes: () => Promise<void>;
}) {
  const { words } = useWords();
  const [asks, setAsks] = useState<boolean | 'lost'>(false);
  const found = useWidgets(asks === true, () => setAsks('lost'));
  const yes = async () => {
    setAsks(false);
    await onYes();
  };
  return (
    <>
      <button type="button" aria-busy={asks === true && !found} onClick={() => setAsks(true)}>
        {label}
      </button>
      <Problem text={asks === 'lost' ? words.lost : undefined} />
      {asks === true && found && (
        <found.Dialog title={label} onClose={() => setAsks(false)}>
          {children}
          <button type="button" class="main" onClick={() => void yes()}>
            {label}
          </button>
        </found.Dialog>
      )}
    </>
  );
}

/** Asks which of several. */
export function AskWhich({
  label,
  choices,
  onChoose,
}: {
  label: string;
  choices: readonly Choice[];
  onChoose: (value: string) => void;
}) {
  const { words } = useWords();
  const [asks, setAsks] = useState<boolean | 'lost'>(false);
  const found = useWidgets(asks === true, () => setAsks('lost'));
  if (asks === true && found) return <found.Menu label={label} choices={choices} onChoose={onChoose} />;
  return (
    <>
      <button type="button" aria-haspopup="menu" aria-busy={asks === true} onClick={() => setAsks(true)}>
        {label}
      </button>
      <Problem text={asks === 'lost' ? words.lost : undefined} />
    </>
  );
}
