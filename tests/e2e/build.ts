/** Before the first test of the console, once: two files that start together would build into the same folder. */
export { build as default } from "../../lib/setup/build.mjs";
