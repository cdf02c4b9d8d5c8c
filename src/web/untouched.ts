/**
 * What is drawn stays true in a browser that translates pages, whatever `translate="no"` is worth to it.
 *
 * A translator puts elements of its own where our texts stood. What is drawn later would go into texts that stand nowhere any
 * more: an officer took an alert, and the page went on saying that nobody had.
 *
 * Invariants: before anything is drawn, and a second after another program changed a text at the latest, the page is what was
 * drawn last; what a program only adds (a password manager's button) stays. A program that insists is not answered more
 * than once a second.
 */
import { options } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const PATIENCE_MS = 1_000;

type Schedule = (draw: () => void) => void;

let isTouched = false;
const hearers = new Set<(is: boolean) => void>();

/** Begins when `page` is drawn for the first time. */
export function keepUntouched(page: Element): void {
  let foreign: MutationRecord[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const putBack = () => {
    clearTimeout(timer);
    timer = undefined;
    const records = [...foreign, ...observer.takeRecords()];
    foreign = [];
    if (!records.some(changesText)) return;
    for (const record of records.reverse()) undo(record);
    // What was just put back is no change of another program.
    observer.takeRecords();
    isTouched = true;
    for (const hears of hearers) hears(true);
  };
  const observer = new MutationObserver((records) => {
    foreign.push(...records);
    if (foreign.some(changesText)) timer ??= setTimeout(putBack, PATIENCE_MS);
  });
  aroundDrawing((draw) => {
    putBack();
    draw();
    observer.takeRecords();
  });
  const everything = { childList: true, subtree: true, characterData: true, characterDataOldValue: true };
  observer.observe(page, everything);
}

/** Whether another program has changed texts of this page since it was loaded. */
export function useIsTouched(): boolean {
  const [is, setIs] = useState(isTouched);
  useEffect(() => {
    hearers.add(setIs);
    return () => void hearers.delete(setIs);
  }, []);
  return is;
}

const changesText = ({ type, removedNodes }: MutationRecord): boolean =>
  type === 'characterData' || removedNodes.length > 0;

function undo({
  type,
  target,
  oldValue,
  addedNodes,
  removedNodes,
  previousSibling,
  nextSibling,
}: MutationRecord) {
  if (type === 'characterData') {
    target.nodeValue = oldValue;
    return;
  }
  for (const node of addedNodes) if (node.parentNode === target) target.removeChild(node);
  const isHere = (node: Node | null) => node?.parentNode === target;
  const before = isHere(nextSibling)
    ? nextSibling
    : isHere(previousSibling)
      ? (previousSibling?.nextSibling ?? null)
      : null;
  for (const node of removedNodes) target.insertBefore(node, before);
}

/** Preact draws only through this, also when a library wants it drawn at once and exchanges how that is scheduled. */
function aroundDrawing(around: (draw: () => void) => void): void {
  const ours = new WeakSet<Schedule>();
  const wrapped = (schedule: Schedule): Schedule => {
    const own: Schedule = (draw) => schedule(() => around(draw));
    ours.add(own);
    return own;
  };
  let current = wrapped(queueMicrotask);
  Object.defineProperty(options, 'debounceRendering', {
    get: () => current,
    set(next: Schedule) {
      current = ours.has(next) ? next : wrapped(next);
    },
  });
}
