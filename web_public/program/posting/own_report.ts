/** One of my reports: its state in the list, and when it is opened what happened, with what I can do. */

import {
  ask,
  askOnce,
  type Claimed,
  type ListedReport,
  Refused,
  type Schemas,
  uuid7,
} from "../../../mobile_contract/client/index";
import { Attached } from "./attach";
import type { Device } from "./device";
import { day, element, focus, langOf, ofThisLanguage, say, sayFirst, write } from "./element";
import { inWords } from "./fault";
import { pressed } from "./once";
import { answered, asks, disagreeing, type Shown } from "./report_facts";
import { line, type OwnReport, ownParts } from "./report_parts";
import { Left, whileSignedIn } from "./sign_in";

type Opinion = { fixed: boolean } | { helped: boolean };

export function reportItem(device: Device, report: ListedReport): HTMLElement {
  const inside = element("div", { class: "inside" });
  const state = element("span");
  tell(state, report);
  const details = element(
    "details",
    {},
    element(
      "summary",
      {},
      element("span", { class: "number" }, report.number),
      element("strong", {}, report.category.name),
      state,
      element(
        "span",
        { class: "hint" },
        element("span", { lang: "ja" }, report.town ?? ""),
        ` ${day(report.received_at)}`,
      ),
      report.own ? null : element("span", { class: "hint" }, say("following")),
    ),
    inside,
  );
  details.ontoggle = () => {
    if (details.open && !hasWords(inside)) void new OpenReport(device, report, inside, state).load();
  };
  return element("li", {}, details);
}

/** Is somebody writing in it, or have they chosen a photo? Then it is not drawn anew. */
export function hasWords(item: HTMLElement): boolean {
  const written = [...item.querySelectorAll("textarea")].some(({ value }) => value.trim());
  return written || item.querySelector(".pictures button") !== null;
}

function tell(state: HTMLElement, report: Pick<Shown, "status" | "status_group">): void {
  state.className = `state ${report.status_group}`;
  write(state, sayFirst(`status.${report.status}`, `group.${report.status_group}`));
}

class OpenReport {
  private fault: HTMLElement | null = null;
  /** Of what is said next, so that a repeat of it is the same. */
  private said = uuid7();
  private readonly path: { params: { path: { report_id: string } } };

  constructor(
    private readonly device: Device,
    private readonly listed: ListedReport,
    private readonly place: HTMLElement,
    private readonly state: HTMLElement,
  ) {
    this.path = { params: { path: { report_id: listed.id } } };
  }

  async load(): Promise<void> {
    this.place.replaceChildren(say("looking"));
    try {
      this.draw(
        await ask<Shown>(
          () => this.device.service.GET("/v1/reports/{report_id}", this.path),
          (data) => typeof data?.number === "string",
        ),
      );
    } catch (error) {
      write(this.place, inWords(error));
    }
  }

  private draw(report: Shown): void {
    this.said = uuid7();
    tell(this.state, report); // it may have changed since the list was brought
    const isOwn = "description" in report;
    this.place.replaceChildren(
      ...(isOwn ? ownParts(report) : []),
      element("ol", { class: "timeline" }, ...report.timeline.map((event) => line(event))),
      ...(isOwn ? this.possibilities(report) : this.followed(report)),
      element("p", {}, this.publicLink(report)),
    );
  }

  private publicLink(report: Shown): HTMLElement | null {
    const isPublic = !("visibility" in report) || report.visibility === "public";
    return isPublic ? element("a", { href: ofThisLanguage(`/reports/${report.number}`) }, say("public_page")) : null;
  }

  /** Answer a question or add words; say whether it is fixed; take it back. */
  private possibilities(report: OwnReport): HTMLElement[] {
    const parts: HTMLElement[] = [];
    if (report.question) parts.push(element("p", { class: "notice", lang: langOf(report.question) }, report.question));
    if (asks(report)) {
      parts.push(...this.opinion(report));
    } else if (report.status_group !== "after") {
      const [words, photos] = [this.words(), this.photos()];
      parts.push(
        element("label", { for: words.id }, say(report.question ? "answer" : "add_words")),
        words,
        ...photos.elements,
        this.button("send_words", () => this.comment(words.value, photos)),
      );
    }
    if (report.can.withdraw) {
      parts.push(this.button("withdraw", () => this.withdraw()));
    }
    return parts;
  }

  /** Is it fixed, or did the answer help? Asked of the sender, and of whoever follows it. */
  private opinion(report: Shown): HTMLElement[] {
    const asked = asks(report);
    if (!asked) return [];
    const [words, photos] = [this.words(), this.photos()];
    const answer = (opinion: Opinion, key: string) =>
      this.button(key, () => this.feedback(report, opinion, words.value, photos));
    const answers =
      asked === "fixed"
        ? [answer({ fixed: true }, "fixed"), answer({ fixed: false }, "not_fixed")]
        : [
            answer({ helped: true }, "answer.helped"),
            answer({ helped: false }, "answer.not_helped"),
            ...disagreeing(report),
            answer({ fixed: false }, "answer.disagree"),
          ];
    const before = answered(report);
    return [
      ...(before ? [element("p", { class: "notice" }, say("heard", { answer: before }))] : []),
      element("label", { for: words.id }, say(`${asked}_words`)),
      words,
      ...photos.elements,
      ...answers,
    ];
  }

  private words(): HTMLTextAreaElement {
    return element("textarea", { id: `words-${this.listed.id}`, rows: 3, maxlength: 2000 });
  }

  private photos(): Attached {
    return new Attached(this.device, `photos-${this.listed.id}`);
  }

  private followed(report: Shown): HTMLElement[] {
    const stop = async () => {
      await ask(
        () => this.device.service.DELETE("/v1/reports/{report_id}/follow", this.path),
        () => true,
      );
      return told("unfollowed");
    };
    return [...this.opinion(report), this.button("unfollow", stop)];
  }

  private async comment(text: string, photos: Attached): Promise<HTMLElement | null> {
    if (!text.trim() && photos.isEmpty) {
      this.complain(say("words_missing"));
      return null;
    }
    const photo_ids = await photos.bring();
    const { service } = this.device;
    await this.once<OwnReport>(
      (id) => service.POST("/v1/reports/{report_id}/comments", { ...this.path, body: { text, photo_ids, ...id } }),
      (data) => data?.id === this.listed.id,
    );
    return told("words_sent");
  }

  /** What to show then: too late to open the report again, a new one helps more. */
  private async feedback(report: Shown, opinion: Opinion, comment: string, photos: Attached): Promise<HTMLElement> {
    const photo_ids = await photos.bring();
    const { service } = this.device;
    const heard = await this.once<Schemas["FeedbackHeard"]>(
      (id) =>
        service.POST("/v1/reports/{report_id}/feedback", {
          ...this.path,
          body: { ...opinion, comment, photo_ids, ...id },
        }),
      (data) => data?.report_id === this.listed.id,
    );
    if (!heard.new_report_offered) return told("thanks");
    const place = "point" in report ? report.point : report.location;
    const asked = new URLSearchParams({ earlier: report.number });
    if (place) for (const name of ["lat", "lon"] as const) asked.set(name, String(place[name]));
    return element(
      "div",
      { class: "notice", role: "status" },
      element("p", {}, say("offered")),
      element("p", {}, element("a", { class: "button", href: ofThisLanguage(`/report?${asked}`) }, say("new_report"))),
    );
  }

  /** Says something; by its id it is heard once, however often it is repeated. */
  private async once<T>(
    call: (id: { id?: string }) => ReturnType<Parameters<typeof askOnce>[0]>,
    looksRight: (data: Claimed<T>) => boolean,
  ): Promise<T> {
    try {
      return await ask<T>(() => call({ id: this.said }), looksRight);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, errors } = error.problem;
      // Other words were heard under it, whose answer was lost: these are new.
      if (code === "said_id_taken") {
        this.said = uuid7();
        return await ask<T>(() => call({ id: this.said }), looksRight);
      }
      // A service from before there were ids.
      if (errors?.some(({ field }) => field === "id")) return await askOnce<T>(() => call({}), looksRight);
      throw error;
    }
  }

  private async withdraw(): Promise<HTMLElement | null> {
    if (!confirm(say("withdraw_sure"))) return null;
    await askOnce<OwnReport>(
      () => this.device.service.POST("/v1/reports/{report_id}/withdraw", this.path),
      (data) => data?.id === this.listed.id,
    );
    return told("withdrawn");
  }

  /**
   * A button that does something and shows the report anew, below whatever came of it; null: nothing did. The button
   * itself is gone then, so keyboard and screen reader go on from what is told.
   */
  private button(words: string, work: () => Promise<HTMLElement | null>): HTMLElement {
    const send = async () => {
      this.fault?.remove();
      try {
        const outcome = await whileSignedIn(this.device.session, work);
        if (!outcome) return;
        await this.load();
        this.place.prepend(outcome);
        focus(outcome);
      } catch (error) {
        if (!(error instanceof Left)) this.complain(inWords(error));
      }
    };
    const click = () => void pressed(made, send);
    const made = element("button", { type: "button", class: "button quiet", click }, say(words));
    return made;
  }

  private complain(words: string): void {
    this.fault = element("p", { class: "fault", role: "alert" }, words);
    this.place.append(this.fault);
  }
}

function told(words: string): HTMLElement {
  return element("p", { class: "notice", role: "status" }, say(words));
}
