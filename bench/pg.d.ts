/** What the comparison needs of `pg`, which pg-boss brings without types. */
declare module 'pg' {
  class Pool {
    constructor(options: { connectionString: string; max: number });
    on(event: 'error', listener: () => void): this;
    end(): Promise<void>;
  }
  const pg: { Pool: typeof Pool };
  export default pg;
}
