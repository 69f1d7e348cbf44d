/** The command line, or the environment, doesn't say what to do. Nothing was tried. */
export class WrongUsage extends Error {
  readonly code = 'WRONG_USAGE';
}
