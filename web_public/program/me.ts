/** /me: what I have sent and follow, what I have chosen, and everything that is held about me. */

import { ask, isDone, type ListedReport, type Profile, Sync } from "../../mobile_contract/client/index";
import { type Device, isAble, openDevice } from "./posting/device";
import { element, find, goTo, pageLanguage, say, show, write } from "./posting/element";
import { inWords, tell } from "./posting/fault";
import { keepPage } from "./posting/offline_page";
import { oneAtATime, onPress, pressed } from "./posting/once";
import { hasWords, reportItem } from "./posting/own_report";
import { Left, signedIn, whileSignedIn } from "./posting/sign_in";
import { learn } from "./posting/told";
import { showWaiting } from "./posting/waiting_list";

class Mine {
  private readonly sync: Sync;
  /** Has an end before anything is saved, whose answer would be older. */
  private hearing: Promise<void>;

  constructor(
    private readonly device: Device,
    private reporter: Profile,
  ) {
    this.sync = new Sync(device.service, device.storage, pageLanguage);
    write(find("who"), say("signed_in_as", { email: reporter.email }));
    show(find("mine"), true);
    this.showChoices();
    this.onClick("export", () => this.export());
    this.onClick("sign-out", () => this.signOut());
    this.onClick("erase", () => this.erase());
    const sure = find<HTMLInputElement>("erase-sure");
    sure.onchange = () => {
      find<HTMLButtonElement>("erase").disabled = !sure.checked;
    };
    device.queue.listeners.add(() => void this.hearOfSent());
    addEventListener("online", () => {
      void this.refresh();
      this.hearing = this.hear();
    });
    void this.refresh();
    this.hearing = this.hear();
  }

  /** What is known first, without waiting for the network; then what has changed. */
  private readonly refresh = oneAtATime(async () => {
    await this.showReports();
    await this.attempt(async () => {
      await this.sync.pull();
      await this.showReports();
    });
  });

  private sent = "";

  /** The list changes with what has been received, and not with each byte on its way. */
  private async hearOfSent(): Promise<void> {
    const posts = await this.device.queue.posts();
    const sent = posts.flatMap((post) => (post.receipt ? [post.report_id, isDone(post)] : [])).join();
    if (sent === this.sent) return;
    this.sent = sent;
    await this.refresh();
  }

  /** By the report's id: as it was when it was drawn. */
  private readonly shown = new Map<string, { told: string; item: HTMLElement }>();

  private async showReports(): Promise<void> {
    const reports = await this.sync.reports();
    show(find("no-reports"), reports.length === 0);
    const items = reports.map((report) => this.item(report));
    const list = find("reports");
    const isSame = items.length === list.children.length && items.every((item, at) => item === list.children[at]);
    if (!isSame) list.replaceChildren(...items);
  }

  /** One that has not changed stays open; one in which somebody writes stays as it is. */
  private item(report: ListedReport): HTMLElement {
    const told = JSON.stringify(report);
    const known = this.shown.get(report.id);
    if (known && (known.told === told || hasWords(known.item))) return known.item;
    const item = reportItem(this.device, report);
    this.shown.set(report.id, { told, item });
    return item;
  }

  /** What this device knows is shown first: choices may have been made elsewhere since, and be true there. */
  private async hear(): Promise<void> {
    try {
      this.fillIn(await this.device.session.hear());
    } catch {
      // Without a network what is known stays; that nobody is signed in any more the list says.
    }
  }

  private showChoices(): void {
    this.fillIn(this.reporter, this.reporter);
    const save = async () => {
      const { session } = this.device;
      await this.hearing;
      const chosen = this.chosen();
      // Only what was changed here, so that no other choice is overwritten by an old one.
      const reporter = Object.keys(chosen).length ? await session.change(chosen) : await session.hear();
      this.fillIn(reporter, reporter);
      write(find("choices-saved"), say("saved"));
    };
    const form = find<HTMLFormElement>("choices");
    form.onsubmit = (event) => {
      event.preventDefault();
      void pressed(form, () => this.attempt(save));
    };
  }

  /** What somebody has changed in the form. */
  private chosen(): { mail_updates?: boolean; locale?: string } {
    const mail_updates = find<HTMLInputElement>("mail-updates").checked;
    const locale = find<HTMLSelectElement>("letter-language").value;
    return {
      ...(mail_updates !== this.reporter.mail_updates && { mail_updates }),
      ...(locale !== this.reporter.locale && { locale }),
    };
  }

  /** Leaves alone what somebody has just chosen and not saved. */
  private fillIn(reporter: Profile, { mail_updates, locale }: Partial<Profile> = this.chosen()): void {
    find<HTMLInputElement>("mail-updates").checked = mail_updates ?? reporter.mail_updates;
    find<HTMLSelectElement>("letter-language").value = locale ?? reporter.locale;
    this.reporter = reporter;
  }

  private async export(): Promise<void> {
    const everything = await ask(
      () => this.device.service.GET("/v1/me/export"),
      (data) => typeof data === "object" && data !== null,
    );
    const file = new Blob([JSON.stringify(everything, null, 2)], { type: "application/json" });
    const url = URL.createObjectURL(file);
    element("a", { href: url, download: "my-data.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  private async signOut(): Promise<void> {
    await this.sync.clear();
    await this.device.session.end();
    location.reload();
  }

  private async erase(): Promise<void> {
    await ask(
      () => this.device.service.DELETE("/v1/me"),
      () => true,
    );
    await this.sync.clear();
    await this.device.session.leave();
    show(find("mine"), false);
    goTo(find("gone"));
  }

  private onClick(id: string, work: () => Promise<void>): void {
    onPress(find(id), () => this.attempt(work));
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    tell(find("mine-fault"), null);
    try {
      await whileSignedIn(this.device.session, work);
      const reporter = await this.device.session.reporter();
      if (reporter && reporter.id !== this.reporter.id) location.reload(); // somebody else has signed in meanwhile
    } catch (error) {
      if (error instanceof Left) return;
      tell(find("mine-fault"), inWords(error));
      find("mine-fault").scrollIntoView({ block: "center" });
    }
  }
}

/** Nobody sees what was brought here for somebody else. */
async function showMine(device: Device, reporter: Profile): Promise<void> {
  const owner = await device.storage.read(OWNER);
  if (owner !== undefined && owner !== reporter.id)
    await new Sync(device.service, device.storage, pageLanguage).clear();
  await device.storage.write({ [OWNER]: reporter.id });
  new Mine(device, reporter);
}

const OWNER = "list_of";

async function start(): Promise<void> {
  if (!isAble) return show(find("unable"), true);
  void keepPage();
  const device = await openDevice();
  void learn(device);
  const drawWaiting = showWaiting(device);
  const known = await device.session.reporter();
  const reporter = known ?? (await signedIn(device.session, { canLeave: false }));
  drawWaiting();
  device.scheduler.try({ hopeful: true });
  await showMine(device, reporter);
  if (!known) goTo(find("mine"));
}

void start();
