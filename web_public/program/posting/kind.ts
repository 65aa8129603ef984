/** What kind of thing is it, is it an emergency, and what does the ward want to know of it? */

import { ask, type Schemas, type Service, type Storage } from "../../../mobile_contract/client/index";
import type { Draft } from "./draft";
import { element, find, pageLanguage, say, show, write } from "./element";
import { tell } from "./fault";

export type Category = Schemas["Category"];
type Question = Schemas["Question"];

/** How long somebody waits for the newest kinds when this phone knows those of last time. */
const PATIENCE_MS = 3000;

/** The tree of categories; the last known one where there is no network, or a bad one. */
export async function categories(service: Service, storage: Storage): Promise<Category[]> {
  const key = `categories_${pageLanguage}`;
  const known = (await storage.read(key)) as Category[] | undefined;
  const newest = askFor(service).then(async (tree) => {
    await storage.write({ [key]: tree });
    return tree;
  });
  if (!known) return newest;
  const enough = new Promise<Category[]>((resolve) =>
    setTimeout(() => resolve(known), navigator.onLine ? PATIENCE_MS : 0),
  );
  return Promise.race([newest.catch(() => known), enough]);
}

async function askFor(service: Service): Promise<Category[]> {
  const told = await ask<Schemas["Categories"]>(
    () => service.GET("/v1/categories"),
    (data) => Array.isArray(data?.categories),
  );
  return told.categories;
}

export function categoryOf(tree: Category[], code: string | null): Category | null {
  const all = tree.flatMap((each) => [each, ...each.children]);
  return all.find((each) => each.code === code) ?? null;
}

/** Fills the step; `changed` is called with each choice and answer. */
export function showKinds(tree: Category[], draft: Draft, changed: () => void): void {
  const chosen = (category: Category) => {
    draft.category = category.code;
    draft.answers = {};
    tell(find("kind-fault"), null);
    nameChosen();
    showDetails(category, draft, changed);
    find("emergency").scrollIntoView({ block: "nearest" });
    changed();
  };
  /** Also where its group has been closed by opening another. */
  const nameChosen = () => {
    for (const place of find("kinds").querySelectorAll<HTMLElement>(".chosen-kind")) {
      const group = tree.find((each) => each.code === place.dataset["group"]);
      write(place, group?.children.find((each) => each.code === draft.category)?.name ?? "");
    }
  };
  const option = (category: Category) =>
    radio("kind", category.code, category.name, draft.category === category.code, () => chosen(category));
  find("kinds").replaceChildren(
    ...tree.map((group) => {
      if (group.children.length === 0) return option(group);
      const isOpen = group.children.some((each) => each.code === draft.category);
      return element(
        "details",
        { name: "kinds", open: isOpen },
        element("summary", {}, group.name, element("span", { class: "chosen-kind", "data-group": group.code })),
        element("fieldset", {}, element("legend", { class: "unseen" }, group.name), ...group.children.map(option)),
      );
    }),
  );
  nameChosen();
  const category = categoryOf(tree, draft.category);
  if (category) showDetails(category, draft, changed);
}

function showDetails(category: Category, draft: Draft, changed: () => void): void {
  const [emergency, questions] = [find("emergency"), find("questions")];
  // Right below what was chosen, where it is seen.
  document.querySelector(`#kinds > :has([value="${category.code}"])`)?.after(emergency, questions);
  write(find("emergency-text"), category.emergency_text ?? "");
  show(emergency, Boolean(category.emergency_text));
  questions.replaceChildren(...category.questions.map((question) => asked(question, draft, changed)));
}

/** Each answer as people read it, behind its question. */
export function answersInWords(category: Category | null, answers: Draft["answers"]): [string, string][] {
  return (category?.questions ?? []).flatMap(({ code, label, choices }): [string, string][] => {
    const given = answers[code];
    if (given === undefined) return [];
    if (typeof given === "boolean") return [[label, say(given ? "yes" : "no")]];
    return [[label, choices.find((choice) => choice.code === given)?.label ?? String(given)]];
  });
}

function asked(question: Question, draft: Draft, changed: () => void): HTMLElement {
  const answer = (value: string | number | boolean | null) => {
    if (value === null || value === "") delete draft.answers[question.code];
    else draft.answers[question.code] = value;
    changed();
  };
  const given = draft.answers[question.code];
  const id = `answer-${question.code}`;
  if (question.type === "choice" || question.type === "boolean") {
    const choices: [string, string, string | boolean][] =
      question.type === "choice"
        ? question.choices.map(({ code, label }) => [code, label, code])
        : [
            ["true", say("yes"), true],
            ["false", say("no"), false],
          ];
    return element(
      "fieldset",
      {},
      element("legend", {}, question.label),
      ...choices.map(([code, label, value]) => radio(id, code, label, given === value, () => answer(value))),
    );
  }
  const isNumber = question.type === "number";
  const input = element("input", {
    id,
    value: given === undefined ? "" : String(given),
    maxlength: 500,
    ...(isNumber && { type: "number", inputmode: "decimal", step: "any" }),
  });
  input.oninput = () => {
    const number = input.valueAsNumber;
    answer(isNumber ? (Number.isFinite(number) ? number : null) : input.value.trim());
  };
  return element("p", {}, element("label", { for: id }, question.label), input);
}

function radio(name: string, value: string, label: string, isChosen: boolean, choose: () => void): HTMLElement {
  const input = element("input", { type: "radio", name, value, change: choose });
  input.checked = isChosen;
  return element("label", { class: "option" }, input, element("span", {}, label));
}
