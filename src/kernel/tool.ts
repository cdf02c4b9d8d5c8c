/**
 * How the operator calls this program: by its path, in its folder. A bare name would be looked up elsewhere: in `PATH`, or
 * by npm in a registry, where a stranger may have given it to a program of their own.
 */
export const TOOL = './lakana';
