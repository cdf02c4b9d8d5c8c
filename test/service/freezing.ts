/** To be loaded before the service (`--import`): faults that nobody foresaw. Reading these texts takes for ever. */
const { replaceAll, toLowerCase } = String.prototype;

/** An adapter looks at what is said in a group before it hands anything on. */
String.prototype.toLowerCase = function (this: string) {
  while (this.includes('an update that nobody foresaw'));
  return toLowerCase.call(this);
};

String.prototype.replaceAll = function (this: string, ...args: [never, never]) {
  while (this.includes('a text that nobody foresaw'));
  return replaceAll.apply(this, args);
};
