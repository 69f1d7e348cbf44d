/** The folder of an empty database of PGlite, to be copied; made when there is none yet. */
export function preparedTemplate(): Promise<string>;
