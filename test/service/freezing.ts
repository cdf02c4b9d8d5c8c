/**
 * To be loaded before the service (`--import`): faults that nobody foresaw. Reading these texts takes for ever; asleep, so
 * that the other tests have the processor.
 */
const asleep = new Int32Array(new SharedArrayBuffer(4));
const { replaceAll, toLowerCase } = String.prototype;

/** An adapter looks at what is said in a group before it hands anything on. */
String.prototype.toLowerCase = function (this: string) {
  while (this.includes('an update that nobody foresaw')) Atomics.wait(asleep, 0, 0);
  return toLowerCase.call(this);
};

String.prototype.replaceAll = function (this: string, ...args: [never, never]) {
  while (this.includes('a text that nobody foresaw')) Atomics.wait(asleep, 0, 0);
  return replaceAll.apply(this, args);
};
