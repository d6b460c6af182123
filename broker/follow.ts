/**
 * Goes on with what `start` answers or throws: at once where that is there at once, which most often it is and costs a request no turn, else when it has
 * settled.
 */
export function follow<T, Res>(start: () => T | Promise<T>, next: (value: T) => Res, failed: (error: unknown) => Res): Res | Promise<Res> {
  let outcome: T | Promise<T>;
  try {
    outcome = start();
  } catch (error) {
    return failed(error);
  }
  return outcome instanceof Promise ? outcome.then(next, failed) : next(outcome);
}
