import { jvn } from "@/lib/sources/vuln/jvn";
import { nvd } from "@/lib/sources/vuln/nvd";

/** Sources whose records are found by name: their ids can be computed. */
export const NVD = nvd.number;
export const JVN = jvn.number;
