/** Signing in by a mailed code, and saying that one may post: a panel of the page, with a way back. */

import { type Profile, Refused, type Schemas, type Session, SignInNeeded } from "../../../mobile_contract/client/index";
import { find, goTo, pageLanguage, say, show, write } from "./element";
import { inWords, tell } from "./fault";
import { pressed } from "./once";
import { keepInTab, recall } from "./tab";

const FORMS = ["email-form", "code-form", "eligibility-form"] as const;
type Eligibility = Schemas["Eligibility"];
type FormId = (typeof FORMS)[number];

/** Whoever was asked has gone back. */
export class Left extends Error {}

/** A code that was asked for: kept in the tab, since looking into the mail may cost the page. */
interface Challenge {
  id: string;
  email: string;
  /** Unix milliseconds. */
  until: number;
}

const CHALLENGE = "challenge";
const CODE_LASTS_MS = 10 * 60_000;
/** Between two questions of where the letter is. */
const LETTER_MS = 3_000;
const LONGEST_LETTER_MS = 20_000;
/** In the browser's history while the panel can be left. */
const PANEL = "sign-in";

/** Whoever is signed in, asking for address and code where nobody is; throws `Left` where there is a way back. */
export async function signedIn(session: Session, { canLeave = true } = {}): Promise<Profile> {
  return (await session.reporter()) ?? inPanel(canLeave, (leaving) => askForCode(session, leaving));
}

/** As `signedIn`, and they have said that they live, work or study here. */
export async function registered(session: Session): Promise<Profile> {
  const known = await session.mayPost();
  if (known) return known;
  return inPanel(true, async (leaving) => {
    const reporter = (await session.reporter()) ?? (await askForCode(session, leaving));
    return reporter.eligibility ? reporter : askForEligibility(session, leaving);
  });
}

/** What somebody still has to do before their posts are sent, or null. */
export async function missingToPost(session: Session): Promise<"sign_in" | "register" | null> {
  if (!(await session.reporter())) return "sign_in";
  return (await session.mayPost()) ? null : "register";
}

/** Does the work; where it turns out that the sign-in has ended, asks for it here and does the work then. */
export async function whileSignedIn<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const token = await session.token();
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SignInNeeded)) throw error;
    await session.forget(token);
    await signedIn(session);
    return work();
  }
}

/** Rejects with `Left`. */
type Leaving = Promise<never>;

let asking: Promise<Profile> | null = null;

/** One panel at a time: whoever else asks meanwhile hears the same. */
async function inPanel(canLeave: boolean, ask: (leaving: Leaving) => Promise<Profile>): Promise<Profile> {
  if (asking) return asking;
  const back = find("sign-in-back");
  show(back, canLeave);
  let leave: () => void = () => undefined;
  const leaving = new Promise<never>((_, reject) => {
    leave = () => reject(new Left());
  });
  leaving.catch(() => undefined);
  if (canLeave) {
    history.pushState(PANEL, "");
    back.onclick = () => history.back();
    addEventListener("popstate", leave, { once: true });
  }
  asking = ask(leaving);
  try {
    return await asking;
  } finally {
    asking = null;
    removeEventListener("popstate", leave);
    close();
  }
}

async function askForCode(session: Session, leaving: Leaving): Promise<Profile> {
  const email = find<HTMLInputElement>("email");
  const code = find<HTMLInputElement>("code");
  let challenge = pending();
  find("code-again").onclick = () => openForm("email-form");
  onSubmit("email-form", async () => {
    const address = email.value.normalize("NFKC").trim(); // as the service folds it, so that it is seen so
    if (!address) return say("email_missing");
    challenge = { id: await session.begin(address, pageLanguage), email: address, until: Date.now() + CODE_LASTS_MS };
    keepInTab(CHALLENGE, JSON.stringify(challenge));
    code.value = "";
    void watchLetter(session, challenge);
    return openCodeForm(challenge);
  });
  const finished = new Promise<Profile>((resolve) =>
    onSubmit("code-form", async () => {
      if (!challenge || !code.value.trim()) return say("code_missing");
      try {
        const reporter = await session.finish(challenge.id, code.value);
        keepInTab(CHALLENGE, null);
        resolve(reporter);
        return null;
      } catch (error) {
        // Used, too old, or tried too often: only a new one helps.
        if (error instanceof Refused && [404, 410].includes(error.problem.status)) forgetCode();
        throw error;
      }
    }),
  );
  if (challenge) {
    void watchLetter(session, challenge);
    openCodeForm(challenge);
  } else openForm("email-form");
  return Promise.race([finished, leaving]);
}

function openCodeForm({ email }: Challenge): null {
  write(find("code-sent"), say("code_sent", { email }));
  return openForm("code-form");
}

/** A letter that can never arrive is said while somebody waits for it. */
async function watchLetter(session: Session, { id, until }: Challenge): Promise<void> {
  const isWaitedFor = () => pending()?.id === id && !find("code-form").hidden && !find("sign-in").hidden;
  for (let pause = LETTER_MS; Date.now() < until; pause = Math.min(pause * 1.5, LONGEST_LETTER_MS)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (!isWaitedFor()) return;
    const state = await session.letter(id).catch(() => "pending"); // an older service does not know
    if (state === "sent" || !isWaitedFor()) return;
    if (state === "refused") {
      forgetCode();
      return tell(find("sign-in-fault"), say("letter_refused"));
    }
  }
}

function forgetCode(): void {
  keepInTab(CHALLENGE, null);
  openForm("email-form");
}

function pending(): Challenge | null {
  const kept = JSON.parse(recall(CHALLENGE) ?? "null") as Challenge | null;
  return kept && kept.until > Date.now() ? kept : null;
}

function askForEligibility(session: Session, leaving: Leaving): Promise<Profile> {
  openForm("eligibility-form");
  const said = new Promise<Profile>((resolve) =>
    onSubmit("eligibility-form", async () => {
      const chosen = document.querySelector<HTMLInputElement>("[name=eligibility]:checked");
      if (!chosen) return say("eligibility_missing");
      resolve(await session.change({ eligibility: chosen.value as Eligibility }));
      return null;
    }),
  );
  return Promise.race([said, leaving]);
}

function openForm(wanted: FormId): null {
  for (const each of FORMS) show(find(each), each === wanted);
  tell(find("sign-in-fault"), null);
  goTo(find("sign-in"));
  return null;
}

/** To the page's heading; whoever knows a better place goes on from there. */
function close(): void {
  show(find("sign-in"), false);
  const heading = document.querySelector<HTMLElement>("#posting h1");
  if (heading) goTo(heading);
}

/** `work` answers with what is missing, or null. */
function onSubmit(form: FormId, work: () => Promise<string | null>): void {
  const send = async () => {
    try {
      tell(find("sign-in-fault"), await work());
    } catch (error) {
      tell(find("sign-in-fault"), inWords(error));
    }
  };
  find<HTMLFormElement>(form).onsubmit = (event) => {
    event.preventDefault();
    void pressed(find("sign-in"), send);
  };
}
