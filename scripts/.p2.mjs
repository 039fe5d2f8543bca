import { RE2JS } from 're2js'
import { withTimeBudget } from '/tmp/w2/fuzz/dist/record/regex-budget.js'
try{withTimeBudget(RE2JS.compile('(a+)+$'),'x').test('a'.repeat(5000)+'!')}catch(e){console.log(e)}
