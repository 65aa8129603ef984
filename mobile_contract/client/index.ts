/** The reference client: everything that an app needs to speak with /v1. */

export { ask, askOnce, Later, Refused, SignInNeeded, type Problem } from "./answer";
export { uuid7 } from "./ids";
export { IndexedDbStorage } from "./indexed_db";
export { described, PhotoSending, type Picture } from "./photo";
export { isDone, type Post, type QueuedPhoto, type Words } from "./post";
export { Queue, type Lane } from "./queue";
export { keepReceiptKeys } from "./receipt";
export { createService, patientFetch, type Fetch, type Schemas, type Service } from "./service";
export { Session, type Profile } from "./session";
export { MemoryStorage, type Storage } from "./storage";
export { Sync, type ListedReport } from "./sync";
export { fetchUpload, watchedUpload, type Upload } from "./upload";
