/** /me: what I have sent and follow, what I have chosen, and everything that is held about me. */

import { ask, Sync, type Profile } from "../../mobile_contract/client/index";
import { isAble, keepSending, openDevice, type Device } from "./posting/device";
import { element, find, goTo, pageLanguage, say, show, write } from "./posting/element";
import { inWords, tell } from "./posting/fault";
import { keepPage } from "./posting/offline";
import { reportItem } from "./posting/own_report";
import { signedIn } from "./posting/sign_in";
import { learn } from "./posting/told";
import { showWaiting } from "./posting/waiting";

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
    sure.onchange = () => (find<HTMLButtonElement>("erase").disabled = !sure.checked);
    device.queue.listeners.add(() => void this.refresh());
    addEventListener("online", () => (void this.refresh(), (this.hearing = this.hear())));
    void this.refresh();
    this.hearing = this.hear();
  }

  /** What is known first, without waiting for the network; then what has changed. */
  private async refresh(): Promise<void> {
    await this.showReports();
    try {
      await this.sync.pull();
      await this.showReports();
    } catch (error) {
      tell(find("mine-fault"), inWords(error));
    }
  }

  private shown = "";

  private async showReports(): Promise<void> {
    const reports = await this.sync.reports();
    const now = JSON.stringify(reports);
    if (now === this.shown) return; // an opened one stays open
    this.shown = now;
    show(find("no-reports"), reports.length === 0);
    find("reports").replaceChildren(...reports.map((report) => reportItem(this.device, report)));
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
    find<HTMLFormElement>("choices").onsubmit = (event) => {
      event.preventDefault();
      void this.attempt(async () => {
        const { session } = this.device;
        await this.hearing;
        const chosen = this.chosen();
        // Only what was changed here, so that no other choice is overwritten by an old one.
        const reporter = Object.keys(chosen).length ? await session.change(chosen) : await session.hear();
        this.fillIn(reporter, reporter);
        write(find("choices-saved"), say("saved"));
      });
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
    find(id).onclick = () => void this.attempt(work);
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    tell(find("mine-fault"), null);
    try {
      await work();
    } catch (error) {
      tell(find("mine-fault"), inWords(error));
      find("mine-fault").scrollIntoView({ block: "center" });
    }
  }
}

async function start(): Promise<void> {
  if (!isAble) return show(find("unable"), true);
  void keepPage();
  const device = await openDevice();
  void learn(device);
  const drawWaiting = showWaiting(device);
  const known = await device.session.reporter();
  const reporter = known ?? (await signedIn(device.session));
  drawWaiting();
  keepSending(device.queue);
  new Mine(device, reporter);
  if (!known) goTo(find("mine"));
}

void start();
