/** How the compiler is made to speak: a type whose argument is the message. (A bare string type would be shown as `string`.) */
export interface Mistake<Message extends string> {
  readonly mistake: Message;
}

/** The same, where a type ends the sentence. */
export interface MistakeAbout<Message extends string, Type> extends Mistake<Message> {
  readonly about: Type;
}
