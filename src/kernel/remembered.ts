/**
 * Remembers what follows from a value, for as long as that value lives. For values that never change (`frozen` makes sure of it).
 * `editionOf`: for one that does change, what is another object after each change.
 */
export function remembered<Of extends object, Found>(
  find: (of: Of) => Found,
  editionOf: (of: Of) => object = (of) => of,
): (of: Of) => Found {
  const known = new WeakMap<object, { found: Found }>();
  return (of) => {
    const edition = editionOf(of);
    const before = known.get(edition);
    if (before) return before.found;
    const found = find(of);
    known.set(edition, { found });
    return found;
  };
}

/** The same value, which from now on cannot be changed, nor anything in it. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inside of Object.values(value)) frozen(inside);
  return value;
}
