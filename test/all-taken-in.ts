type Messenger = {
  unconfirmed(): number;
  until(condition: () => boolean, within?: number): Promise<unknown>;
};

/** Resolves once everything is taken in, however slow the machine; fails when nothing more was for a minute. */
export async function allIsTakenIn(messenger: Messenger): Promise<void> {
  for (;;) {
    const before = messenger.unconfirmed();
    if (before === 0) return;
    await messenger.until(() => messenger.unconfirmed() < before, 60_000);
  }
}
