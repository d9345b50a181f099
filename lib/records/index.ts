export { noteWritten, type RecordChange } from "./changes";
export { type Mention, PlanOutdated, type Portion, type PreparedRecord, type RecordStore, recordId, type SetAsideItem, type StoreContext, type StoreCounts, UnusableItem } from "./define";
export { mergeMentions, namedCves, namedIn } from "./named";
export { tableStore } from "./table-store";
export { checkedDate, checkedLink, plainText } from "./values";
export { countRecords, insertInto, readByIds, writeMentions, writeRecords, writeRecordText } from "./write";
