/** Signing in by a mailed code, and saying that one may post: a panel of the page. */

import { Refused, type Profile, type Schemas, type Session } from "../../../mobile_contract/client/index";
import { find, goTo, pageLanguage, say, show, write } from "./element";
import { inWords, tell } from "./fault";

const FORMS = ["email-form", "code-form", "eligibility-form"] as const;
type Eligibility = Schemas["Eligibility"];
type FormId = (typeof FORMS)[number];

/** Whoever is signed in, asking for address and code where nobody is. */
export async function signedIn(session: Session): Promise<Profile> {
  const known = await session.reporter();
  if (known) return known;
  let challenge = "";
  const email = find<HTMLInputElement>("email");
  const code = find<HTMLInputElement>("code");
  find("code-again").onclick = () => open("email-form");
  onSubmit("email-form", async () => {
    const address = email.value.trim();
    if (!address) return say("email_missing");
    challenge = await session.begin(address, pageLanguage);
    write(find("code-sent"), say("code_sent", { email: address }));
    code.value = "";
    return open("code-form");
  });
  open("email-form");
  return new Promise((resolve) =>
    onSubmit("code-form", async () => {
      if (!code.value.trim()) return say("code_missing");
      try {
        const reporter = await session.finish(challenge, code.value);
        close();
        resolve(reporter);
        return null;
      } catch (error) {
        // Used, too old, or tried too often: only a new one helps.
        if (error instanceof Refused && error.problem.status === 410) open("email-form");
        throw error;
      }
    }),
  );
}

/** What somebody still has to do before their posts are sent, or null. */
export async function missingToPost(session: Session): Promise<"sign_in" | "register" | null> {
  if (!(await session.reporter())) return "sign_in";
  return (await session.mayPost()) ? null : "register";
}

/** As `signedIn`, and they have said that they live, work or study here. */
export async function registered(session: Session): Promise<Profile> {
  const reporter = await signedIn(session);
  if (reporter.eligibility) return reporter;
  open("eligibility-form");
  return new Promise((resolve) =>
    onSubmit("eligibility-form", async () => {
      const chosen = document.querySelector<HTMLInputElement>("[name=eligibility]:checked");
      if (!chosen) return say("eligibility_missing");
      const eligibility = chosen.value as Eligibility;
      const changed = await session.change({ eligibility });
      close();
      resolve(changed);
      return null;
    }),
  );
}

function open(wanted: FormId): null {
  for (const each of FORMS) show(find(each), each === wanted);
  tell(find("sign-in-fault"), null);
  goTo(find("sign-in"));
  return null;
}

/** To the page's heading; whoever knows a better place goes on from there. */
function close(): void {
  show(find("sign-in"), false);
  goTo(document.querySelector<HTMLElement>("#posting h1")!);
}

/** `work` answers with what is missing, or null. */
function onSubmit(form: FormId, work: () => Promise<string | null>): void {
  const panel = find("sign-in");
  find<HTMLFormElement>(form).onsubmit = async (event) => {
    event.preventDefault();
    if (panel.ariaBusy === "true") return;
    panel.ariaBusy = "true";
    try {
      tell(find("sign-in-fault"), await work());
    } catch (error) {
      tell(find("sign-in-fault"), inWords(error));
    } finally {
      panel.ariaBusy = "false";
    }
  };
}
