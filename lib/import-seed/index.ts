export { type ImportOptions, importSeed, type SeedInput } from "./import";
export type { SeedReport } from "./report";
