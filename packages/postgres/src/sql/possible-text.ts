/** What a caller asks for by name, and no id and no name can be: it matches nothing, and the server couldn't be asked for it. */

/** Whether a text could be an id, a name, or a part of one. */
export function isPossible(text: string): boolean {
  return typeof text === 'string' && text.isWellFormed() && !/[\u0000-\u001f\u007f-\u009f]/.test(text);
}
