/** Host and port of an address (http or https), as a right names them. */
export function hostOf(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname}:${port === "" ? protocol === "https:" ? "443" : "80" : port}`;
}
