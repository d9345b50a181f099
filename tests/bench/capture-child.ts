import { captureOnce } from "./capture";

await captureOnce(Number(process.argv[2]));
