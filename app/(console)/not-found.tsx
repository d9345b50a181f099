export { NotHere as default } from "../not-here";
