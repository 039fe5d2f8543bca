import { RE2JS } from 're2js'
import { withTimeBudget } from '/tmp/w2/fuzz/dist/record/regex-budget.js'
const pats=['(a+)+$','(a|aa)+$','.*a.*a.*a.*a.*b','(?:a?){500}[bc]','.*[ab].{12}c','.*(?:a|b).{300}z.*','(?:\\w+\\s+){5}\\w+$','(?:(?:a|b|c).{0,30}){25}z$','\\w+ \\w+ \\d+$','(x|[a-c].{200}|[b-d].{150}|..z)*end','error.*timeout$','(?i)error.*timeout']
const texts={a:'a'.repeat(200_000)+'!', rand:Array.from({length:200_000},(_,i)=>'abc xyz.0='[(i*7919+((i*i)>>3))%10]).join(''), log: 'GET /api/v1/items/123 user=bob 10.0.0.1 status=200 took 12ms ERROR none '.repeat(2800)}
const t1=performance.now(); for(let i=0;i<1e6;i++)performance.now(); console.log('clock ns',(performance.now()-t1)*1e6/1e6)
for(const p of pats){const r=RE2JS.compile(p)
 const out=[];for(const [k,t] of Object.entries(texts)){
  for (const [n,rr] of [['raw',r],['m',{test:(x)=>withTimeBudget(r,p).test(x)}]]) {const s=performance.now();let o;try{o=rr.test(t)}catch(e){o=e.message.slice(0,20)};out.push(n+k+':'+((performance.now()-s)*1e6/t.length).toFixed(0)+'ns'+(typeof o==='string'?'!':''))}}
 // short lines
 const lines=Array.from({length:2000},(_,i)=>texts.rand.slice(i*90,i*90+200)); for (const [n,rr] of [['raw',r],['m',withTimeBudget(r,p)]]){const s=performance.now();let o='';try{for(const l of lines)rr.test(l)}catch(e){o='!'};out.push(n+'short'+':'+((performance.now()-s)*1e6/4e5).toFixed(0)+'ns'+o)}
 console.log(p.padEnd(40),r.programSize(),out.join(' '))}
for (const p of ['(?:\\pL*){1000}','(?i)[\\pL\\pN]{1000}','((((a{10}){10}){10}))','(\\pL|\\pN){900}','a{999}|b{999}|c{900}','('.repeat(900)+'a'+')'.repeat(900),'(?:'.repeat(300)+'a*'+')*'.repeat(300),'[^\\x00-\\x{10FFFF}]','\\pL'.repeat(1300),'(?i)'+'é'.repeat(4000),'a|'.repeat(2000),'(abc|abd|abe|'.repeat(200)+'x'+')'.repeat(200)]) {const s=performance.now();let o='ok';try{const r=RE2JS.compile(p);o=r.programSize();r.test('abc')}catch(e){o=e.message.slice(0,50)}console.log('compile',p.slice(0,30),(performance.now()-s).toFixed(1),'ms',o)}
