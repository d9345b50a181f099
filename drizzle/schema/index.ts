export * from "./indicators";
export * from "./people";
export * from "./sources";
