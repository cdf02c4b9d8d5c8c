/** The parts of a program, for tests that look for words in it. */
export type Node = { type?: string; [name: string]: unknown };
export type Found = { node: Node; within: readonly Node[] };

/** Every part of a program, with what it stands in. */
export function* partsOf(value: unknown, within: readonly Node[] = []): Generator<Found, void> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const each of value) yield* partsOf(each, within);
    return;
  }
  const node = value as Node;
  if (node.type) yield { node, within };
  for (const [name, each] of Object.entries(node))
    if (name !== 'span') yield* partsOf(each, node.type ? [...within, node] : within);
}
