/** The HTTP API of one experiment: for trial jobs, for people, for programs. */
export { createApp } from "./app.ts";
export { checkBinding, isPublic } from "./binding.ts";
export type { Binding } from "./binding.ts";
export { listen } from "./listen.ts";
export { openApiDocument } from "./openapi.ts";
export type { Listening, ListenOptions } from "./listen.ts";
export type { App } from "./app-context.ts";
export type { LogStream, ServerDeps } from "./server.ts";
export { usableRows } from "./usable-rows.ts";
