/** To be loaded before the service (`--import`): a fault that nobody foresaw. Reading this text takes for ever. */
const { replaceAll } = String.prototype;

String.prototype.replaceAll = function (this: string, ...args: [never, never]) {
  while (this.includes('a text that nobody foresaw'));
  return replaceAll.apply(this, args);
};
