/** A conversion that cannot go on: a stable code, what happened, and what the reader can do. */
export class ConversionError extends Error {
  constructor(code, message, advice) {
    super(message);
    this.name = "ConversionError";
    this.code = code;
    this.advice = advice;
  }
}
