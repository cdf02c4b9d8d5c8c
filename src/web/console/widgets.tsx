/** A dialog and a menu that keyboards and screen readers know. They come when the first of them is wanted. */
import * as dialog from '@zag-js/dialog';
import * as menu from '@zag-js/menu';
import { normalizeProps, useMachine } from '@zag-js/preact';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { useWords } from './words.ts';

/** A question that must be answered first. `onClose`: it was left without an answer. */
export function Dialog({
  title,
  children,
  onClose,
}: {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
}) {
  const { t } = useWords();
  const service = useMachine(dialog.machine, {
    id: useId(),
    role: 'alertdialog',
    defaultOpen: true,
    onOpenChange: ({ open }) => {
      if (!open) onClose();
    },
  });
  const api = dialog.connect(service, normalizeProps);
  return (
    <>
      <div {...api.getBackdropProps()} class="backdrop" />
      <div {...api.getPositionerProps()} class="positioner">
        <div {...api.getContentProps()} class="dialog">
          <h2 {...api.getTitleProps()}>{title}</h2>
          <div {...api.getDescriptionProps()}>{children}</div>
          <button type="button" onClick={() => api.setOpen(false)}>
            {t('shell.cancel')}
          </button>
        </div>
      </div>
    </>
  );
}

export type Choice = { value: string; label: string };

/** A button with a menu under it, which is open: it was wanted before this program was there. */
export function Menu({
  label,
  choices,
  onChoose,
}: {
  label: string;
  choices: readonly Choice[];
  onChoose: (value: string) => void;
}) {
  const service = useMachine(menu.machine, {
    id: useId(),
    defaultOpen: true,
    positioning: { placement: 'bottom-start' },
    onSelect: ({ value }) => onChoose(value),
  });
  const api = menu.connect(service, normalizeProps);
  return (
    <>
      <button {...api.getTriggerProps()}>{label}</button>
      <div {...api.getPositionerProps()}>
        <ul {...api.getContentProps()} class="menu">
          {choices.map(({ value, label: name }) => (
            <li key={value} {...api.getItemProps({ value })}>
              {name}
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
