/** The failure of a spec that has to fail. */
export async function failureOf(spec: Promise<unknown>): Promise<Error & { expected?: unknown; actual?: unknown }> {
  try {
    await spec;
  } catch (error) {
    if (error instanceof Error && error.name === 'SpecFailure') return error;
    throw new Error('It failed, but not as a spec does.', { cause: error });
  }
  throw new Error('The spec passed.');
}
