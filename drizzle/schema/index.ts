export * from "./exploit";
export * from "./feeds";
export * from "./indicators";
export * from "./news";
export * from "./people";
export * from "./records";
export * from "./sources";
export * from "./tweet";
