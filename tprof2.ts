import { benchServer } from "./tests/bench/server"; import { advanceRun, startRun } from "@/lib/ingest"; import { testContext } from "./tests/harness/ingest"; import { benchSource } from "./tests/bench/feed";
const s=await benchServer(); const db=await s.database("b1"); const st=new Map<string,[number,number]>();
const wrap=(q:any)=>({...q,query:(t:string)=>time(t,()=>q.query(t)),execute:(t:string)=>time(t,()=>q.execute(t))});
const time=async(t:string,f:()=>any)=>{const b=performance.now();try{return await f()}finally{const k=t.slice(0,38);const e=st.get(k)??[0,0];e[0]+=performance.now()-b;e[1]++;st.set(k,e)}};
const wdb:any={...wrap(db),kind:db.kind,transaction:(w:any)=>{const b=performance.now();let inner=0;return db.transaction(async tx=>{const i=performance.now();const r=await w(wrap(tx));inner=performance.now()-i;return r}).then(r=>{const e=st.get("COMMIT etc")??[0,0];e[0]+=performance.now()-b-inner;e[1]++;st.set("COMMIT etc",e);return r})},close:db.close};
const ctx=testContext(wdb,[benchSource]); const r=await startRun(9001,{trigger:"cli",withFile:true},ctx); if(!r.started)throw 1;
const t=performance.now(); for(;;){const p=await advanceRun(r.run,{milliseconds:40000,file:"/tmp/feed.csv"},ctx);if(p.done)break} console.log((performance.now()-t)/1000);
for(const [k,[ms,n]] of [...st].sort((a,b)=>b[1][0]-a[1][0]).slice(0,14))console.log((ms/1000).toFixed(2),n,k);
await s.stop();
