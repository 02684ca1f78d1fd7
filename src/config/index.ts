/** Config files: text in, one resolved and read-only ExperimentConfig out, with the place of every fault. */
export {
  configFromObject,
  type ConfigSource,
  type LoadedConfig,
  loadConfig,
  type LoadOptions,
  parseConfig,
} from "./load.ts";
export { readDocument } from "./document.ts";
export { meaningOfKey } from "./key-schema.ts";
export { loadSearchSpace } from "./search-space-file.ts";
export { durationMs } from "./fields.ts";
export { ConfigError, type ConfigIssue } from "./issue.ts";
export { configText } from "./write.ts";
export { configJsonSchema } from "./json-schema.ts";
export { configPage } from "./config-page.ts";
