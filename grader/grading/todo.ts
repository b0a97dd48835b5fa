/** What a stub throws: this step has not been started. */
export class NotStarted extends Error {
  override name = "NotStarted";
}

/** `throw todo("dcounts")` marks a step as not started; replace that line with your own code. */
export function todo(id: string): NotStarted {
  return new NotStarted(`${id} is not started`);
}
