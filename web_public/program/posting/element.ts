/** Making and finding elements, and the page's words. */

import { find } from "./find";
import { withoutReadings, withReadings } from "./readings";

export { find };

type Attributes = Record<string, string | number | boolean | null | ((event: Event) => void)>;

/** An element; a function is a listener (`click: ...`), false and null leave an attribute out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string | null)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : asAttribute(name, value));
  }
  made.append(...children.flatMap((child) => (typeof child === "string" ? toShow(child) : (child ?? []))));
  return made;
}

/** What is read out holds no readings: the voice knows how to read. */
function asAttribute(name: string, value: string | number): string {
  return name === "alt" && hasReadings ? withoutReadings(String(value)) : String(value);
}

/** Fills an element with words. */
export function write(place: HTMLElement, words: string): void {
  place.replaceChildren(...toShow(words));
}

function toShow(words: string): (Node | string)[] {
  return hasReadings ? withReadings(words) : [words];
}

export function show(shown: HTMLElement, isShown: boolean): void {
  shown.hidden = !isShown;
}

/** Shows it and brings keyboard and screen reader there. */
export function goTo(shown: HTMLElement): void {
  show(shown, true);
  focus(shown.querySelector<HTMLElement>("h1, h2") ?? shown);
  shown.scrollIntoView();
}

/** Brings keyboard and screen reader there, also to what is no control. */
export function focus(reached: HTMLElement): void {
  if (reached.tabIndex < 0) reached.tabIndex = -1; // a heading takes the focus only with the attribute
  reached.focus();
}

const page = find("posting").dataset;
const { words: inJson = "{}", language = "", service = "" } = page;
const hasReadings = "hasReadings" in page;
const words: Record<string, string> = JSON.parse(inJson);

/** The page's words for a key, with its {places} filled in. */
export function say(key: string, places: Record<string, string | number> = {}): string {
  const said = words[key];
  if (said === undefined) throw new Error(`no words for ${key}`);
  return said.replace(/\{(\w+)\}/g, (_, place: string) => String(places[place] ?? ""));
}

/** As `say`, for values of open lists: the words of the first key that has some. */
export function sayFirst(...keys: string[]): string {
  return words[keys.find((key) => key in words) ?? ""] ?? "";
}

export const pageLanguage = language;

/** On a Chinese page Han characters alone say nothing. */
const JAPANESE = "writesHan" in page ? /[ぁ-ゖァ-ヺ]/ : /[ぁ-ゖァ-ヺ一-鿿]/;

/** The `lang` of words that are shown as somebody wrote them, whatever language the page has. */
export function langOf(words: string): string | null {
  return document.documentElement.lang !== "ja" && JAPANESE.test(words) ? "ja" : null;
}

/** A page's address, for somebody who has chosen a language by this one's. */
export function ofThisLanguage(path: string): string {
  const lang = new URLSearchParams(location.search).get("lang");
  return lang ? `${path}${path.includes("?") ? "&" : "?"}lang=${encodeURIComponent(lang)}` : path;
}

/** By which address the service calls itself. */
export const serviceAddress = service;

/** An address of the service on this page's own origin: it may have been opened by another name of the machine. */
export function here(url: string): string {
  return url.startsWith(`${serviceAddress}/`) ? url.slice(serviceAddress.length) : url;
}

const dates = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "Asia/Tokyo" });

export function day(moment: string): string {
  return dates.format(new Date(moment));
}

const times = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium" });

/** On the device's own clock; Unix milliseconds. */
export function time(moment: number): string {
  return times.format(new Date(moment));
}

const moments = new Intl.DateTimeFormat(document.documentElement.lang, {
  ...{ year: "numeric", month: "long", day: "numeric", weekday: "short" },
  ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Tokyo" },
});

/** A day and a time of it, in Japan: 08:30, as in letters. */
export function moment(written: string): string {
  return moments.format(new Date(written));
}
