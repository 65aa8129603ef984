/** Who is signed in on this device? A token for a year, got by a code that is mailed. */

import { ask, askOnce, SignInNeeded } from "./answer";
import type { paths, Schemas, Service } from "./service";
import type { Storage } from "./storage";

export type Profile = Schemas["Profile"];
type SignedIn = Schemas["SignedIn"];
type Choices = paths["/v1/me"]["patch"]["requestBody"]["content"]["application/json"];

const KEY = "session";
const AGREED = "agreed_terms";
/** That somebody was signed in here: it outlives the session, and keeps a few letters from strangers. */
const DEVICE = "device";

export class Session {
  /** `service` is given later, since it asks this session for its token. */
  service!: Service;

  constructor(private readonly storage: Storage) {}

  async token(): Promise<string | null> {
    return (await this.held())?.token ?? null;
  }

  /** As this device knows them, without a network too; `hear` asks. */
  async reporter(): Promise<Profile | null> {
    return (await this.held())?.reporter ?? null;
  }

  /** As the service has it now: letters are also stopped, and the language changed, elsewhere. Needs a network. */
  async hear(): Promise<Profile> {
    const reporter = await ask<Profile>(
      () => this.service.GET("/v1/me"),
      (data) => typeof data?.id === "string",
    );
    await this.keep(reporter);
    return reporter;
  }

  /** Whoever is signed in and has said that they live, work or study here. */
  async mayPost(): Promise<Profile | null> {
    const reporter = await this.reporter();
    return reporter?.eligibility === null ? null : reporter;
  }

  /** Has a code mailed; the challenge to finish with. */
  async begin(email: string, locale: string): Promise<string> {
    const device = (await this.storage.read(DEVICE)) as string | undefined;
    const begun = await askOnce<Schemas["ChallengeBegun"]>(
      () => this.service.POST("/v1/sign-in", { body: { email, locale, ...(device ? { device } : {}) } }),
      (data) => typeof data?.challenge_id === "string",
    );
    return begun.challenge_id;
  }

  /** How far the letter with the code has come: `pending`, `sent`, or `refused` for good by the mail server. */
  async letter(challenge_id: string): Promise<string> {
    const standing = await ask<Schemas["CodeLetterStanding"]>(
      () => this.service.GET("/v1/sign-in/{challenge_id}", { params: { path: { challenge_id } } }),
      (data) => typeof data?.state === "string",
    );
    return standing.state;
  }

  /** Tries the code; throws `Refused` with `code_wrong`, `challenge_expired` ... */
  async finish(challenge_id: string, code: string): Promise<Profile> {
    const signedIn = await askOnce<SignedIn>(
      async () => {
        const body = { code, ...(await this.agreed()) };
        return this.service.POST("/v1/sign-in/{challenge_id}", { params: { path: { challenge_id } }, body });
      },
      (data) => typeof data?.token === "string" && typeof data?.reporter?.id === "string",
    );
    await this.storage.write({ [KEY]: signedIn, [DEVICE]: signedIn.device });
    return signedIn.reporter;
  }

  /** Changes the profile: who may post, nickname, language, letters. */
  async change(body: Choices): Promise<Profile> {
    const reporter = await ask<Profile>(
      () => this.service.PATCH("/v1/me", { body }),
      (data) => typeof data?.id === "string",
    );
    await this.keep(reporter);
    return reporter;
  }

  /** The person agrees to the terms of this version (`GET /v1/service`): kept here, and told when there is a network. */
  async agree(version: string): Promise<void> {
    await this.storage.write({ [AGREED]: version });
  }

  /** Tells the service what the person has agreed to, unless it knows. */
  async tellAgreed(): Promise<void> {
    const [reporter, agreed] = [await this.reporter(), await this.agreed()];
    if (reporter && agreed.terms_version && agreed.terms_version !== reporter.terms_version) await this.change(agreed);
  }

  /** Signs this device out; at once here, and at the service if it can be reached. */
  async end(): Promise<void> {
    try {
      await ask(
        () => this.service.DELETE("/v1/session"),
        () => true,
      );
    } catch (error) {
      if (!(error instanceof SignInNeeded)) throw error;
    } finally {
      await this.leave();
    }
  }

  /** Whoever comes next to this device is somebody else. */
  async leave(): Promise<void> {
    await this.storage.write({ [KEY]: undefined, [AGREED]: undefined });
  }

  /** The service knows this token no more; a newer one, of a sign-in meanwhile, stays. */
  async forget(token: string | null): Promise<void> {
    if ((await this.token()) === token) await this.storage.write({ [KEY]: undefined });
  }

  /** The service wants to know first whether this person lives, works or studies here. */
  async mustRegister(): Promise<void> {
    const held = await this.held();
    if (held) await this.storage.write({ [KEY]: { ...held, reporter: { ...held.reporter, eligibility: null } } });
  }

  /** Unless they have signed out meanwhile. */
  private async keep(reporter: Profile): Promise<void> {
    const held = await this.held();
    if (held) await this.storage.write({ [KEY]: { ...held, reporter } });
  }

  private async agreed(): Promise<{ terms_version?: string }> {
    const version = (await this.storage.read(AGREED)) as string | undefined;
    return version ? { terms_version: version } : {};
  }

  private async held(): Promise<SignedIn | undefined> {
    return (await this.storage.read(KEY)) as SignedIn | undefined;
  }
}
