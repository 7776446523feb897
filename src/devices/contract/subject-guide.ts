/** Tells the person before the rig what face to make. */
export interface SubjectGuide {
  /**
   * Asks for the expression and pose of the next shot; resolves when they are held. Asking for what is
   * held already takes no time.
   */
  show(wanted: { readonly expression: string; readonly pose: string }, signal?: AbortSignal): Promise<void>;
}
