/** The element of the page with this id. */
export function find<T extends HTMLElement = HTMLElement>(id: string, page: Document = document): T {
  const found = page.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
}
