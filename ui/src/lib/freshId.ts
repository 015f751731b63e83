/** A random id for something the server should keep only once, however often we send it. */
export function freshId(prefix: string): string {
  // Not randomUUID: browsers offer that only on HTTPS and localhost.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return prefix + [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
