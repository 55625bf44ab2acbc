/// What foldlog itself appends, and a question that a skill is wanted of. What was advised is told of a
/// call that fails in `Transcripts`, and done there.
let ownLines: [String] = {
  let own = #""stream":"foldlog","ts":"2026-03-10T08:00:00Z""#
  let skill = #""source_offset":3,"prompt_version":1,"model":"m","name":"quote-yaml""#
  let worked =
    #""stream":"aidb","event":"query_completion","ts":"2026-03-10T09:00:00Z","success":true,"#
    + #""tests_passed":true,"rating":5,"copied_to_clipboard":true,"complexity":"high""#
  let advice =
    #""event":"advice_given","section":"fixes","hook":"tool-failed","to_session":"s-one","#
    + #""to_call":"s-one-t1","pattern":"error: test failed","evidence_offset":3"#
  return [
    #"{"event":"skill_extracted","request_id":"01","description":"Quotes.","tags":["yaml"],"#
      + #"\#(skill),\#(own)}"#,
    #"{"event":"skill_extracted","request_id":"02","error":"no JSON","source_offset":4,"#
      + #""prompt_version":2,"model":"m",\#(own)}"#,
    #"{"event":"skill_used","skill_id":"quote-yaml","success":true,\#(own)}"#,
    #"{"event":"skill_used","skill_id":"01","interaction_id":"w1",\#(own)}"#,
    #"{"query_id":"w1","prompt":"Why does the nightly build of the yaml service fail since March?","#
      + #""response":"Since a value holds a colon: put it in quotation marks, and run it again.","#
      + #"\#(worked)}"#,
    #"{"event":"skill_shared","node":"north","skill_id":"ab","value_score":0.9,"name":"look-first","#
      + #"\#(own)}"#,
    #"{"event":"knowledge_noted","section":"decision","project":"/home/dev/orchard","#
      + #""text":"Apples are counted in dozens.","confidence":0.9,\#(own)}"#,
    #"{"event":"knowledge_noted","section":"preference","key":"tests","text":"Run cargo test.","#
      + #"\#(own)}"#,
    #"{"advice":"Edit /home/dev/orchard/a.rs",\#(advice),\#(own)}"#,
    #"{"advice":"cargo clean",\#(advice),\#(own)}"#,
  ]
}()
