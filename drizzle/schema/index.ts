export * from "./exploit";
export * from "./feeds";
export * from "./indicators";
export * from "./people";
export * from "./records";
export * from "./sources";
