/** Where the HTTP API lives. */
export const apiRoot = "/api/v1";
