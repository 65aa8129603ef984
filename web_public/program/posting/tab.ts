/** What this tab remembers through reloads; only as long as the page is open where the browser lets it keep nothing. */

const remembered = new Map<string, string>();

export function recall(key: string): string | null {
  try {
    return sessionStorage.getItem(key) ?? remembered.get(key) ?? null;
  } catch {
    return remembered.get(key) ?? null;
  }
}

/** null forgets it. */
export function keepInTab(key: string, value: string | null): void {
  if (value === null) remembered.delete(key);
  else remembered.set(key, value);
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // Blocked, or full: it is remembered above.
  }
}
