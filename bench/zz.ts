
import { startForBench } from "./lib/start.ts";
import { timeTurn } from "./lib/turn-time.ts";
import { writeFileSync } from "node:fs";
const deckhand = await startForBench();
const take = async () => (await (await fetch(`${deckhand.workerUrl}/local/meter?t=1`)).json());
try {
  for (let i=0;i<3;i++) await timeTurn(deckhand, { channel: "C0GENERAL", text: "@Deckhand echo warm" });
  await new Promise(r=>setTimeout(r,6000));
  await take();
  const one = await timeTurn(deckhand, { channel: "C0GENERAL", text: "@Deckhand echo new" });
  await new Promise(r=>setTimeout(r,1500));
  const a = await take();
  await new Promise(r=>setTimeout(r,6000));
  const b = await take();
  await timeTurn(deckhand, { channel: "C0GENERAL", text: "echo again", threadTs: one.ts });
  await new Promise(r=>setTimeout(r,1500));
  const c = await take();
  await new Promise(r=>setTimeout(r,6000));
  const d = await take();
  writeFileSync("/tmp/trace-sql.txt", [["NEW",a],["ALARM",b],["FOLLOW",c],["ALARM2",d]].map(([n,l])=>`== ${n}\n${(l as string[]).join("\n")}`).join("\n"));
} finally { await deckhand.close(); }
