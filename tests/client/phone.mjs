// A phone in a process of its own: the reference client over Node, with a folder for its memory, so that it can be
// killed and started again. Orders come as one JSON object on the command line; what came of them goes to stdout.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const order = JSON.parse(process.argv[2]);
const { createService, isDone, Queue, Session, Sync } = await import(order.client);

/** One file for each key; all changes of one write stand in one journal first. */
class FolderStorage {
  constructor(folder) {
    this.folder = folder;
    this.journal = join(folder, "journal");
    mkdirSync(folder, { recursive: true });
    this.replay();
  }

  path(key) {
    return join(this.folder, `${encodeURIComponent(key)}.json`);
  }

  async read(key) {
    try {
      return JSON.parse(readFileSync(this.path(key), "utf8"), revive);
    } catch (error) {
      if (error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  async readAll(prefix) {
    const names = readdirSync(this.folder).filter((name) => name.endsWith(".json"));
    const keys = names.map((name) => decodeURIComponent(name.slice(0, -5)));
    return Promise.all(
      keys
        .filter((key) => key.startsWith(prefix))
        .sort()
        .map((key) => this.read(key)),
    );
  }

  async write(changes) {
    const listed = Object.entries(changes).map(([key, value]) => [key, value === undefined ? null : pack(value)]);
    writeFileSync(`${this.journal}.new`, JSON.stringify(listed));
    renameSync(`${this.journal}.new`, this.journal);
    this.replay();
  }

  replay() {
    let listed;
    try {
      listed = JSON.parse(readFileSync(this.journal, "utf8"));
    } catch {
      return;
    }
    for (const [key, packed] of listed) {
      if (packed === null) rmSync(this.path(key), { force: true });
      else writeFileSync(this.path(key), packed);
    }
    rmSync(this.journal);
  }
}

function pack(value) {
  const plain = (_, each) => (each instanceof Uint8Array ? { base64: Buffer.from(each).toString("base64") } : each);
  return JSON.stringify(value, plain);
}

function revive(_, each) {
  return typeof each?.base64 === "string" ? new Uint8Array(Buffer.from(each.base64, "base64")) : each;
}

const calls = [];
const { fetch } = globalThis;
globalThis.fetch = (url, how) => {
  calls.push(`${how.method} ${new URL(url).pathname}`);
  return fetch(url, how);
};

const storage = new FolderStorage(order.folder);
const session = new Session(storage);
const language = order.language ?? "ja";
const service = createService({ baseUrl: order.address, token: () => session.token(), language });
session.service = service;
const queue = new Queue({ service, session, storage });

if (order.session) await storage.write({ session: order.session });
if (order.write) await storage.write(order.write);
for (const { words, photos, id } of order.add ?? []) {
  const pictures = photos.map((path) => ({ content: new Uint8Array(readFileSync(path)), content_type: "image/jpeg" }));
  await queue.add(words, pictures, id);
}

const unfinished = async () => (await queue.posts()).filter((post) => !isDone(post) && !post.problem);
let tries = 0;
while (tries < (order.tries ?? 0) && (await unfinished()).length > 0) {
  await queue.run({ now: true });
  tries += 1;
}

const sync = new Sync(service, storage, language);
if (order.sync) await sync.pull();

if (order.hear) await session.hear().catch(() => undefined);

const told = {
  tries,
  calls,
  posts: await queue.posts(),
  reports: await sync.reports(),
  reporter: await session.reporter(),
  signed_in: (await session.token()) !== null,
  kept_photos: (await storage.readAll("photo/")).map((content) => createHash("sha256").update(content).digest("hex")),
};
console.log(JSON.stringify(told));
