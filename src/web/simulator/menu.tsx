// By hand: the library of the console's menus weighs more than twice this whole page, which is for trials only.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icons.tsx';

export type Entry = { label: string; act: () => void };

/** A button that opens a short list. Escape, a choice, or a touch elsewhere closes it. */
export function Menu({
  icon,
  label,
  entries,
  side,
}: {
  icon: IconName;
  label: string;
  entries: Entry[];
  side: 'above' | 'below';
}) {
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const outside = ({ target }: Event) => {
      if (target instanceof Node && !place.current?.contains(target)) setOpen(false);
    };
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return;
      setOpen(false);
      opener.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', onKey);
    };
  }, [isOpen]);

  return (
    <div class="menu" ref={place}>
      <button
        type="button"
        class="round"
        ref={opener}
        aria-label={label}
        title={label}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={icon} />
      </button>
      {isOpen && (
        <ul class={`menu-list is-${side}`}>
          {entries.map((entry) => (
            <li key={entry.label}>
              <button
                type="button"
                onClick={() => {
                  setOpen(false);
                  entry.act();
                }}
              >
                {entry.label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
