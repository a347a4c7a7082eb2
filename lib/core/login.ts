/** User or password of a URL as they are meant; what is no percent code stays as it is. */
export function decodeLogin(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign is a character like others.
    return text;
  }
}

/** `Basic …` for a header. */
export function basicLogin(user: string, password: string): string {
  return `Basic ${new TextEncoder().encode(`${user}:${password}`).toBase64()}`;
}
