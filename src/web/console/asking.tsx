/**
 * Buttons that ask something before they do it. What asks comes from a library, in a file of its own that is loaded a little
 * later, or when the first of them is touched: a case must be there before. If it does not come, for the network is bad, the
 * same is asked without it, in plain buttons: browsers do not try again to load what failed once.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Choice } from './widgets.tsx';

type Widgets = typeof import('./widgets.tsx');

let widgets: Promise<Widgets> | undefined;
let loaded: Widgets | undefined;

async function load(): Promise<Widgets> {
  widgets ??= import('./widgets.tsx');
  loaded = await widgets;
  return loaded;
}

/** Not while the first case is on its way. */
const LOADED_AFTER_MS = 5_000;

/** Undefined until they are wanted and there. `onLost`: they do not come. */
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
  const [asks, setAsks] = useState(false);
  const [isPlain, setIsPlain] = useState(false);
  const found = useWidgets(asks, () => setIsPlain(true));
  const yes = async () => {
    setAsks(false);
    await onYes();
  };
  const really = (
    <>
      {children}
      <button type="button" class="main" onClick={() => void yes()}>
        {label}
      </button>
    </>
  );
  return (
    <>
      <button type="button" aria-busy={asks && !found && !isPlain} onClick={() => setAsks(!asks || !isPlain)}>
        {label}
      </button>
      {asks && isPlain && <div class="plain">{really}</div>}
      {asks && found && (
        <found.Dialog title={label} onClose={() => setAsks(false)}>
          {really}
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
  const [asks, setAsks] = useState(false);
  const [isPlain, setIsPlain] = useState(false);
  const found = useWidgets(asks, () => setIsPlain(true));
  if (asks && found) return <found.Menu label={label} choices={choices} onChoose={onChoose} />;
  return (
    <>
      <button
        type="button"
        {...(isPlain ? { 'aria-expanded': asks } : { 'aria-haspopup': 'menu' as const, 'aria-busy': asks })}
        onClick={() => setAsks(!asks || !isPlain)}
      >
        {label}
      </button>
      {asks && isPlain && (
        <ul class="plain">
          {choices.map(({ value, label: name }) => (
            <li key={value}>
              <button type="button" onClick={() => onChoose(value)}>
                {name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
