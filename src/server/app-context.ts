import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context, Hono } from "hono";

export type App = Hono<AppEnv>;
export type AppContext = Context<AppEnv>;

/** What `listen` gives to the handlers; undefined in `app.request()`. */
export interface AppEnv {
  Bindings: {
    /** Lets requests that are held open be answered when the server closes. */
    closing?: Closing;
    /** The request as Node has it, with its connection. */
    incoming?: IncomingMessage;
    /** Closes when the client goes away, or has its answer. */
    outgoing?: ServerResponse;
  };
}

/** Tells those who hold a request open that the server closes. */
export interface Closing {
  /** Calls back once, at once if the server is closing already. Returns the way to forget it. */
  onClose(callback: () => void): () => void;
}
