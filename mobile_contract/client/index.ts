/** The reference client: everything that an app needs to speak with /v1. */

export { ask, askOnce, type Claimed, Later, type Problem, Refused, SignInNeeded } from "./answer";
export { uuid7 } from "./ids";
export { IndexedDbStorage } from "./indexed_db";
export { described, PhotoSending, type Picture } from "./photo";
export { isDone, type Post, type QueuedPhoto, type Words } from "./post";
export { type Lane, Queue } from "./queue";
export { keepReceiptKeys } from "./receipt";
export { createService, type Fetch, patientFetch, type Schemas, type Service } from "./service";
export { type Profile, Session } from "./session";
export { MemoryStorage, type Storage } from "./storage";
export { type ListedReport, Sync } from "./sync";
export { fetchUpload, type Upload, watchedUpload } from "./upload";
