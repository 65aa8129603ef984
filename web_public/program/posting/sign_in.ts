/** Signing in by a mailed code, as a panel of the page. */

import { Refused, type Profile, type Session } from "../../../mobile_contract/client/index";
import { find, goTo, pageLanguage, say, show } from "./element";
import { inWords, tell } from "./fault";

/** Whoever is signed in, asking for address and code where nobody is. */
export async function signedIn(session: Session): Promise<Profile> {
  return (await session.reporter()) ?? askToSignIn(session);
}

function askToSignIn(session: Session): Promise<Profile> {
  const panel = find("sign-in");
  const [emailForm, codeForm] = [find<HTMLFormElement>("email-form"), find<HTMLFormElement>("code-form")];
  const [email, code] = [find<HTMLInputElement>("email"), find<HTMLInputElement>("code")];
  const fault = find("sign-in-fault");
  let challenge = "";

  const askForCode = (isAsked: boolean) => {
    show(emailForm, !isAsked);
    show(codeForm, isAsked);
    (isAsked ? code : email).focus();
  };
  const attempt = async (work: () => Promise<void>) => {
    tell(fault, null);
    panel.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (error) {
      tell(fault, inWords(error));
    } finally {
      panel.removeAttribute("aria-busy");
    }
  };

  askForCode(false);
  tell(fault, null);
  goTo(panel);
  return new Promise((resolve) => {
    emailForm.onsubmit = (event) => {
      event.preventDefault();
      void attempt(async () => {
        if (!email.value.trim()) return tell(fault, say("email_missing"));
        challenge = await session.begin(email.value.trim(), pageLanguage);
        find("code-sent").textContent = say("code_sent", { email: email.value.trim() });
        code.value = "";
        askForCode(true);
      });
    };
    codeForm.onsubmit = (event) => {
      event.preventDefault();
      void attempt(async () => {
        if (!code.value.trim()) return tell(fault, say("code_missing"));
        try {
          const reporter = await session.finish(challenge, code.value);
          show(panel, false);
          resolve(reporter);
        } catch (error) {
          // Used, too old, or tried too often: only a new one helps.
          if (error instanceof Refused && error.problem.status === 410) askForCode(false);
          throw error;
        }
      });
    };
    find("code-again").onclick = () => askForCode(false);
  });
}
