/** Settles as `promise` does, or rejects with `what` once `ms` have passed. */
export function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(what)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
