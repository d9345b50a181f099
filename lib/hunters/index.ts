export { listHits, streamHits } from "./hits";
export { hunterHousekeeping } from "./housekeeping";
export type { Hit, Hunter, HunterInput } from "./hunter";
export { hasNews, type Judged, judge } from "./judge";
export { hunterKinds, kindOf } from "./kinds";
export { behindSince, type JudgeStanding, judgeStanding, retrySetAside, type SetAside, setAside } from "./standing";
export { createHunter, getHunter, listHunters, muteHunter, removeHunter, type SavedHunter, switchHunter, updateHunter } from "./store";
